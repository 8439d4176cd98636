// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A parameter of main.cf, declared once: name, type with bounds, default text (may refer to `$others`), one line of what it does.
///
/// `postconf`, validation, manual pages and the daemons all live on this one declaration.
public record Param<T>(String name, ParamType<T> type, String defaultText, String doc) {

    public static Param<String> text(String name, String defaultText, String doc) {
        return new Param<>(name, new ParamType.Text(false), defaultText, doc);
    }

    /// A text that must not be empty.
    public static Param<String> required(String name, String defaultText, String doc) {
        return new Param<>(name, new ParamType.Text(true), defaultText, doc);
    }

    /// A text with macros of its own (`$client_name`): not expanded when main.cf is read.
    public static Param<String> raw(String name, String defaultText, String doc) {
        return new Param<>(name, new ParamType.Raw(), defaultText, doc);
    }

    public static Param<Boolean> bool(String name, boolean defaultValue, String doc) {
        return new Param<>(name, new ParamType.Bool(), defaultValue ? "yes" : "no", doc);
    }

    public static Param<Long> number(
            String name, long defaultValue, long min, long max, String doc) {
        return new Param<>(name, new ParamType.Whole(min, max), Long.toString(defaultValue), doc);
    }

    /// A number whose default refers to another parameter.
    public static Param<Long> number(
            String name, String defaultText, long min, long max, String doc) {
        return new Param<>(name, new ParamType.Whole(min, max), defaultText, doc);
    }

    /// A time span, `300s`, `5d`; `unit` (one of `s m h d w`) is meant where the text bears none.
    public static Param<Duration> time(String name, String defaultText, char unit, String doc) {
        return new Param<>(name, new ParamType.Time(unit), defaultText, doc);
    }

    /// Items separated by blanks or commas; an item in `{ }` may contain both.
    public static Param<List<String>> list(String name, String defaultText, String doc) {
        return new Param<>(name, new ParamType.Items(), defaultText, doc);
    }

    public static Param<Path> path(String name, String defaultText, String doc) {
        return new Param<>(name, new ParamType.Location(), defaultText, doc);
    }

    /// One of a fixed set of words.
    public static Param<String> choice(
            String name, String defaultText, List<String> words, String doc) {
        return new Param<>(name, new ParamType.Choice(words), defaultText, doc);
    }

    /// A name that main.cf must not use any more; `useInstead` says what to write.
    public static Param<String> defunct(String name, String useInstead) {
        return new Param<>(
                name, new ParamType.Defunct(useInstead), "", "replaced by " + useInstead);
    }
}

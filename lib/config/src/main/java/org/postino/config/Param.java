// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A parameter of main.cf, declared once: name, type with bounds, default text (may refer to `$others`).
///
/// `postconf`, validation, manual pages and the daemons all live on this one declaration. The doc comment in front of it says
/// what the parameter does, when to change it, and gives an example; postconf(5) is made of these comments. They are no part of
/// the record, as no program shows them and each would have them in its memory (ADR 20).
public record Param<T>(String name, ParamType<T> type, String defaultText) {

    public static Param<String> text(String name, String defaultText) {
        return new Param<>(name, new ParamType.Text(false), defaultText);
    }

    /// A text that must not be empty.
    public static Param<String> required(String name, String defaultText) {
        return new Param<>(name, new ParamType.Text(true), defaultText);
    }

    /// A text with macros of its own (`$client_name`): not expanded when main.cf is read.
    public static Param<String> raw(String name, String defaultText) {
        return new Param<>(name, new ParamType.Raw(), defaultText);
    }

    public static Param<Boolean> bool(String name, boolean defaultValue) {
        return new Param<>(name, new ParamType.Bool(), defaultValue ? "yes" : "no");
    }

    public static Param<Long> number(String name, long defaultValue, long min, long max) {
        return new Param<>(name, new ParamType.Whole(min, max), Long.toString(defaultValue));
    }

    /// A number whose default refers to another parameter.
    public static Param<Long> number(String name, String defaultText, long min, long max) {
        return new Param<>(name, new ParamType.Whole(min, max), defaultText);
    }

    /// A time span, `300s`, `5d`; `unit` (one of `s m h d w`) is meant where the text bears none.
    public static Param<Duration> time(String name, String defaultText, char unit) {
        return new Param<>(name, new ParamType.Time(unit), defaultText);
    }

    /// Items separated by blanks or commas; an item in `{ }` may contain both.
    public static Param<List<String>> list(String name, String defaultText) {
        return new Param<>(name, new ParamType.Items(), defaultText);
    }

    public static Param<Path> path(String name, String defaultText) {
        return new Param<>(name, new ParamType.Location(), defaultText);
    }

    /// One of a fixed set of words.
    public static Param<String> choice(String name, String defaultText, List<String> words) {
        return new Param<>(name, new ParamType.Choice(words), defaultText);
    }

    /// A name that main.cf must not use any more; `useInstead` says what to write.
    public static Param<String> defunct(String name, String useInstead) {
        return new Param<>(name, new ParamType.Defunct(useInstead), "");
    }
}

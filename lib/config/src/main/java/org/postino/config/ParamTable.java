// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The parameters a program reads, in the order of their declaration.
public record ParamTable(List<Param<?>> params) {
    public ParamTable {
        params = List.copyOf(params);
    }

    /// Starts a table. Each method of the result declares a parameter, adds it to the table and returns it, so that one line is the whole declaration.
    public static Builder declare() {
        return new Builder();
    }

    /// Collects a table while its class is initialised; see [Param] for what the methods mean.
    public static final class Builder {
        private final List<Param<?>> params = new ArrayList<>();

        private Builder() {}

        public <T> Param<T> add(Param<T> p) {
            params.add(p);
            return p;
        }

        public Param<String> text(String name, String defaultText) {
            return add(Param.text(name, defaultText));
        }

        public Param<String> required(String name, String defaultText) {
            return add(Param.required(name, defaultText));
        }

        public Param<String> raw(String name, String defaultText) {
            return add(Param.raw(name, defaultText));
        }

        public Param<Boolean> bool(String name, boolean defaultValue) {
            return add(Param.bool(name, defaultValue));
        }

        /// A yes/no whose default is computed.
        public Param<Boolean> bool(String name, String defaultText) {
            return add(new Param<>(name, new ParamType.Bool(), defaultText));
        }

        public Param<Long> number(String name, long defaultValue, long min) {
            return add(Param.number(name, defaultValue, min, Long.MAX_VALUE));
        }

        public Param<Long> number(String name, long defaultValue, long min, long max) {
            return add(Param.number(name, defaultValue, min, max));
        }

        public Param<Long> number(String name, String defaultText, long min) {
            return add(Param.number(name, defaultText, min, Long.MAX_VALUE));
        }

        /// A time span; a number without a unit means seconds.
        public Param<Duration> time(String name, String defaultText) {
            return add(Param.time(name, defaultText, 's'));
        }

        public Param<Duration> time(String name, String defaultText, char unit) {
            return add(Param.time(name, defaultText, unit));
        }

        public Param<List<String>> list(String name, String defaultText) {
            return add(Param.list(name, defaultText));
        }

        /// A list whose words are looked at when main.cf is read.
        public Param<List<String>> list(String name, String defaultText, ParamType.Words words) {
            return add(new Param<>(name, new ParamType.Items(words), defaultText));
        }

        /// TCP ports, or `any`.
        public Param<PortList> ports(String name, String defaultText) {
            return add(new Param<>(name, new ParamType.Ports(), defaultText));
        }

        public Param<Path> path(String name, String defaultText) {
            return add(Param.path(name, defaultText));
        }

        public Param<String> choice(String name, String defaultText, List<String> words) {
            return add(Param.choice(name, defaultText, words));
        }

        public Param<String> defunct(String name, String useInstead) {
            return add(Param.defunct(name, useInstead));
        }

        public ParamTable table() {
            return new ParamTable(params);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.util.ArrayList;
import java.util.List;
import org.postino.message.Address;
import org.postino.message.AddressList;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One destination on the right-hand side of an alias or in a `.forward` file.
sealed interface Target {
    Logger LOG = LoggerFactory.getLogger("local");
    String INCLUDE = ":include:";

    /// An address in internal form, with or without a domain.
    ///
    /// @param direct written with a backslash: no alias, no forwarding any more
    record To(String address, boolean direct) implements Target {}

    record ToFile(String path) implements Target {}

    record ToCommand(String command) implements Target {}

    /// `:include:/file`: the destinations that file lists.
    record Include(String path) implements Target {}

    /// The target with an extension behind the user; what is no address stays as it is.
    default Target extended(String extension) {
        if (!(this instanceof To(var text, var direct))) {
            return this;
        }
        Address address = Address.parse(text);
        return new To(
                new Address(address.localPart() + extension, address.domain()).toString(), direct);
    }

    /// The targets of a list of destinations, and the errors in it.
    ///
    /// @param leftOut what was not taken, as it was written
    record Parsed(List<Target> targets, List<String> leftOut) {
        /// Tells the log what was not taken.
        ///
        /// @param where the list stands: `alias NAME`, `file NAME`
        Parsed warn(String where) {
            for (String text : leftOut) {
                LOG.warn(
                        "{}: not taken as a destination: {}",
                        Printable.text(where),
                        Printable.text(text));
            }
            return this;
        }
    }

    /// Reads a file: a list in each line, but those that begin with `#` are comments.
    static Parsed parseLines(String text) {
        var targets = new ArrayList<Target>();
        var leftOut = new ArrayList<String>();
        text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(Target::parse)
                .forEach(line -> {
                    targets.addAll(line.targets());
                    leftOut.addAll(line.leftOut());
                });
        return new Parsed(targets, leftOut);
    }

    /// Reads a list as [AddressList] does. There are no comments but in parentheses: what an alias has behind a `#` is an
    /// address like others, since nothing may get lost.
    static Parsed parse(String text) {
        var list = AddressList.parse(text);
        return new Parsed(
                list.entries().stream()
                        .map(e -> of(e.address(), text.charAt(e.start()) == '\\'))
                        .toList(),
                list.leftOut());
    }

    private static Target of(String text, boolean direct) {
        if (text.startsWith("|")) {
            return new ToCommand(text.substring(1).strip());
        }
        if (text.startsWith("/")) {
            return new ToFile(text);
        }
        if (text.regionMatches(true, 0, INCLUDE, 0, INCLUDE.length())) {
            return new Include(text.substring(INCLUDE.length()).strip());
        }
        return new To(text, direct);
    }
}

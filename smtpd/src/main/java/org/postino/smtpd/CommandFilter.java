// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Replaces commands of clients before they are looked at (`smtpd_command_filter`, `postscreen_command_filter`).
final class CommandFilter {
    private final Maps table;

    /// @param parameter names the table
    CommandFilter(Config config, Param<String> parameter, Tables tables) {
        String name = config.get(parameter);
        table = tables.maps(name.isBlank() ? List.of() : List.of(name.strip()));
    }

    /// The line that is carried out in place of the one that came; null if the table cannot be asked.
    ///
    /// @param replaced hears of a command and the one in its place
    /// @param warning hears why the table cannot be asked
    ClientChannel.@Nullable Line apply(
            ClientChannel.Line line,
            BiConsumer<String, String> replaced,
            Consumer<String> warning) {
        if (table.isEmpty()) {
            return line;
        }
        String text = new String(line.text(), StandardCharsets.UTF_8).stripLeading();
        Optional<String> instead;
        try {
            instead = table.find(text);
        } catch (TableException e) {
            warning.accept(String.valueOf(e.getMessage()));
            return null;
        }
        if (instead.isEmpty()) {
            return line;
        }
        replaced.accept(text, instead.get());
        return new ClientChannel.Line(
                instead.get().getBytes(StandardCharsets.UTF_8), line.bareLf(), false);
    }
}

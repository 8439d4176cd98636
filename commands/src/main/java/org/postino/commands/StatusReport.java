// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postino.util.ByteNames;

/// The report of `postino status`, made of master's lines: service, type, program, state, pid, sessions, starts, seconds up, user.
final class StatusReport {
    private static final List<String> TITLES =
            List.of(
                    "SERVICE",
                    "TYPE",
                    "PROGRAM",
                    "STATE",
                    "PID",
                    "SESSIONS",
                    "STARTS",
                    "UPTIME",
                    "USER");
    private static final List<String> NAMES =
            List.of(
                    "service",
                    "type",
                    "program",
                    "state",
                    "pid",
                    "sessions",
                    "starts",
                    "uptime",
                    "user");
    private static final int FIRST_NUMBER = 4;
    private static final int UPTIME = 7;
    private static final int USER = 8;

    private final Path directory;
    private final List<List<String>> rows = new ArrayList<>();

    StatusReport(Path directory, List<String> lines) {
        this.directory = directory;
        for (String line : lines) {
            List<String> row = List.of(line.split("\t", -1));
            if (row.size() == TITLES.size()) {
                rows.add(row);
            }
        }
    }

    /// Returns a table for people.
    String text() {
        var shown = new ArrayList<List<String>>();
        shown.add(TITLES);
        for (List<String> row : rows) {
            var cells = new ArrayList<>(row);
            cells.set(UPTIME, row.get(FIRST_NUMBER).equals("-") ? "-" : span(row.get(UPTIME)));
            shown.add(cells);
        }
        var out = new StringBuilder();
        for (List<String> row : shown) {
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                int pad = width(shown, column) - cell.length();
                boolean right = isNumber(column);
                out.append(right ? " ".repeat(pad) + cell : cell);
                if (column < row.size() - 1) {
                    out.append(right ? "  " : " ".repeat(pad + 2));
                }
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static boolean isNumber(int column) {
        return column >= FIRST_NUMBER && column < USER;
    }

    private static int width(List<List<String>> rows, int column) {
        int width = 0;
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }

    /// Writes a number of seconds as `2d03h`, `1h05m`, `12m07s`, `9s`.
    private static String span(String text) {
        long seconds = Long.parseLong(text);
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m" + two(seconds % 60) + "s";
        }
        return seconds < 86_400
                ? seconds / 3600 + "h" + two(seconds / 60 % 60) + "m"
                : seconds / 86_400 + "d" + two(seconds / 3600 % 24) + "h";
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }

    /// Returns one JSON object on one line.
    String json() {
        var out = new StringBuilder("{\"config_directory\": ");
        out.append(Lines.json(ByteNames.text(directory)));
        out.append(", \"services\": [");
        String separator = "";
        for (List<String> row : rows) {
            out.append(separator).append('{');
            for (int column = 0; column < row.size(); column++) {
                out.append(column == 0 ? "" : ", ").append(Lines.json(NAMES.get(column)));
                out.append(": ");
                String cell = row.get(column);
                if (!isNumber(column)) {
                    out.append(Lines.json(cell));
                } else {
                    out.append(cell.equals("-") ? "null" : cell);
                }
            }
            out.append('}');
            separator = ", ";
        }
        return out.append("]}\n").toString();
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postino.util.ByteNames;

/// The assignments of a main.cf file, not yet expanded; of several for one name the last wins.
public record MainCf(Map<String, Setting> settings, List<Setting> all, List<Problem> problems) {

    /// Reads the file.
    public static MainCf read(Path file) throws IOException {
        return parse(file.toString(), Files.readAllBytes(file));
    }

    /// Parses the text of a main.cf; `file` is how problems name it.
    public static MainCf parse(String file, byte[] bytes) {
        var settings = new LinkedHashMap<String, Setting>();
        var all = new ArrayList<Setting>();
        var problems = new ArrayList<Problem>();
        var lines = LogicalLines.of(file, ByteNames.decode(bytes), problems);
        for (var line : lines) {
            try {
                var setting = assignment(line.text(), file, line.number());
                settings.put(setting.name(), setting);
                all.add(setting);
            } catch (ValueException e) {
                problems.add(new Problem(file, line.number(), message(e)));
            }
        }
        return new MainCf(settings, List.copyOf(all), problems);
    }

    /// Splits `name = value`; the blanks around both are not part of them.
    public static Setting assignment(String text, String file, int line) throws ValueException {
        String trimmed = text.strip();
        int end = 0;
        while (end < trimmed.length() && nameCharacter(trimmed.charAt(end))) {
            end++;
        }
        int equals = end;
        while (equals < trimmed.length() && LogicalLines.blank(trimmed.charAt(equals))) {
            equals++;
        }
        if (end == 0) {
            throw new ValueException("missing parameter name: \"" + shortened(trimmed) + "\"");
        }
        if (equals >= trimmed.length() || trimmed.charAt(equals) != '=') {
            throw new ValueException(
                    "missing '=' after parameter name: \"" + shortened(trimmed) + "\"");
        }
        return new Setting(
                trimmed.substring(0, end), trimmed.substring(equals + 1).strip(), file, line);
    }

    private static boolean nameCharacter(char c) {
        return c != '=' && !LogicalLines.blank(c);
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }
}

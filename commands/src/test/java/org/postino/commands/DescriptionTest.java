// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.config.MainCf;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.config.ParamType;
import org.postino.suite.AcceptedParams;
import org.postino.suite.AllParams;

/// Each parameter says what it does, when to change it, and shows a line of main.cf.
class DescriptionTest {
    private static final Path ROOT = Path.of(System.getProperty("postino.root", ".."));

    /// A clause in the place of a sentence.
    private static final Pattern CLAUSE =
            Pattern.compile(
                    "(What|Whether|Who|Whom|Whose|How|Where|Which|That|Why|The same)\\b.*",
                    Pattern.DOTALL);

    @TempDir Path dir;

    @Test
    void everyParameterSaysWhatAndWhenWithAnExample() throws IOException {
        var words = Description.read(ROOT);
        var missing = new ArrayList<String>();
        for (var table : AllParams.TABLES) {
            for (var p : table.params()) {
                var description = words.get(p.name());
                boolean shown =
                        table.equals(AcceptedParams.ALL)
                                || (description != null && !description.example().isEmpty());
                if (description == null
                        || !isText(description.what())
                        || !isText(description.when())
                        || !shown) {
                    missing.add(p.name());
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    private static boolean isText(String text) {
        return text.endsWith(".") && text.length() > 20 && !CLAUSE.matcher(text).matches();
    }

    @Test
    void theHeadingOfAGroupIsNoPartOfTheFirstDescription() throws IOException {
        Path file = dir.resolve("lib/room/src/main/java/RoomParams.java");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                """
                    // Reply codes
                    /// This code is given.
                    ///
                    /// Leave it.
                    ///
                    ///     code = 450
                    public static final Param<Long> CODE = T.number("code", 451, 400, 599);
                """);
        assertEquals(
                Map.of(
                        "code",
                        new Description("This code is given.", "Leave it.", List.of("code = 450"))),
                Description.read(dir));
    }

    @Test
    void noTwoParametersSayTheSame() throws IOException {
        var first = new HashMap<String, String>();
        var twice = new ArrayList<String>();
        Description.read(ROOT)
                .forEach((name, words) -> {
                    String other = first.putIfAbsent(words.what(), name);
                    if (other != null) {
                        twice.add(other + " and " + name);
                    }
                });
        assertEquals(List.of(), twice);
    }

    @Test
    void everyExampleIsAGoodMainCfThatChangesTheParameter() throws Exception {
        var wrong = new ArrayList<String>();
        for (var entry : Description.read(ROOT).entrySet()) {
            var param = AllParams.find(entry.getKey());
            if (param == null) {
                wrong.add(entry.getKey() + " is no parameter");
            } else if (!entry.getValue().example().isEmpty()) {
                problem(param, String.join("\n", entry.getValue().example()), wrong);
            }
        }
        assertEquals(List.of(), wrong);
    }

    private void problem(Param<?> param, String text, List<String> wrong) throws IOException {
        Path file = Files.writeString(dir.resolve("main.cf"), text + "\n");
        var main = MainCf.read(file);
        var settings = new HashMap<String, String>();
        main.settings().forEach((name, setting) -> settings.put(name, setting.text()));
        try {
            Config.of(Map.copyOf(settings), AllParams.TABLES.toArray(new ParamTable[0]));
        } catch (IllegalArgumentException e) {
            wrong.add(text + ": " + e.getMessage());
        }
        String value = settings.get(param.name());
        boolean used =
                value != null
                        ? !value.equals(param.defaultText())
                        : text.matches("(?s).*\\$\\{?" + param.name() + "\\b.*");
        if (!used || !main.problems().isEmpty() || param.type() instanceof ParamType.Defunct) {
            wrong.add(param.name() + " is not what this sets: " + text + main.problems());
        }
    }
}

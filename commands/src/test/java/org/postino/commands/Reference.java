// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.config.ParamType;
import org.postino.suite.AcceptedParams;
import org.postino.suite.AllParams;

/// The manual page postconf(5), made from the declarations of the parameters.
final class Reference {
    private Reference() {}

    /// The whole page, in mdoc.
    ///
    /// @param words the descriptions of the parameters
    static String page(Map<String, Description> words) {
        var out = new StringBuilder();
        out.append(
                """
                .\\" SPDX-License-Identifier: Apache-2.0
                .\\" Made from the declarations of the parameters: see HACKING.md. Do not edit.
                .Dd November 22, 2026
                .Dt POSTCONF 5
                .Os Postino
                .Sh NAME
                .Nm postconf
                .Nd parameters of main.cf
                .Sh DESCRIPTION
                The file
                .Pa main.cf
                has lines of the form
                .Dl name = value
                Empty lines, and lines whose first character other than blanks is
                .Ql # ,
                are ignored.
                A line that begins with a blank continues the line before.
                Of several assignments to one name the last one counts.
                .Pp
                In a value,
                .Ic $name ,
                .Ic ${name}
                and
                .Ic $(name)
                stand for the value of another parameter, and
                .Ic $$
                for a dollar sign.
                .Bl -tag -width indent
                .It Ic ${name?{text1}:{text2}}
                is text1 if the parameter is not empty, else text2.
                Either part may be left out:
                .Ic ${name?{text}}
                and
                .Ic ${name:{text}} .
                .It Ic ${{text1} == {text2} ? {text3} : {text4}}
                is text3 if the comparison holds, else text4.
                Comparisons are
                .Ic == != < <= > >=
                of numbers or texts, and of compatibility levels with
                .Ql level
                behind them, as in
                .Ic <level .
                .It Ic ${domain_to_ascii{text}}
                is the text as a domain in ASCII,
                .Ql xn--
                where a part has other letters.
                .El
                .Pp
                Items of a list stand between blanks or commas; one that contains these is
                written in
                .Ql { } .
                Times have a unit: s, m, h, d or w.
                Lookup tables are written
                .Ar type : Ns Ar name ;
                .Ic postconf -m
                shows the types.
                .Pp
                A name that no program knows is an error, unless another value refers to it as
                .Ic $name .
                """);
        section(out, "PARAMETERS", sorted(AllParams.TABLES, false), words);
        section(out, "PARAMETERS WITHOUT EFFECT", sorted(AllParams.TABLES, true), words);
        out.append(
                """
                .Sh SEE ALSO
                .Xr postconf 1 ,
                .Xr aliases 5 ,
                .Xr master 5
                """);
        return out.toString();
    }

    private static List<Param<?>> sorted(List<ParamTable> tables, boolean accepted) {
        var params = new ArrayList<Param<?>>();
        for (var table : tables) {
            if (table.equals(AcceptedParams.ALL) == accepted) {
                params.addAll(table.params());
            }
        }
        params.sort(Comparator.comparing(Param::name));
        return params;
    }

    private static void section(
            StringBuilder out,
            String title,
            List<Param<?>> params,
            Map<String, Description> words) {
        out.append(".Sh ").append(title).append("\n.Bl -tag -width indent\n");
        for (var p : params) {
            var description = Description.of(p, words);
            item(out, p, description);
            sentences(out, description.when());
            for (var line : description.example()) {
                out.append(".Dl ").append(literal(line)).append('\n');
            }
        }
        out.append(".El\n");
    }

    /// A list of parameters in mdoc, for a program's page: each with its default, what it does and what it may be.
    static String list(List<Param<?>> params, Map<String, Description> words) {
        var out = new StringBuilder(".Bl -tag -width indent\n");
        for (var p : params) {
            item(out, p, Description.of(p, words));
        }
        return out.append(".El\n").toString();
    }

    private static void item(StringBuilder out, Param<?> p, Description description) {
        out.append(".It Ic ").append(escaped(p.name()));
        out.append(" Pq default: ")
                .append(p.defaultText().isEmpty() ? "empty" : escaped(p.defaultText()))
                .append('\n');
        sentences(out, description.what());
        sentences(out, allowed(p.type()));
    }

    /// Every sentence begins a line, no line is longer than 78 columns or begins with a control character.
    static void sentences(StringBuilder out, String text) {
        if (text.isEmpty()) {
            return;
        }
        for (var sentence : text.split("(?<=[.]) (?=[A-Z0-9$])")) {
            int column = 0;
            for (var word : plain(sentence).split(" ")) {
                if (column > 0 && column + 1 + word.length() > 78) {
                    out.append('\n');
                    column = 0;
                }
                String begin = word.startsWith(".") || word.startsWith("'") ? "\\&" : "";
                out.append(column > 0 ? " " : begin).append(word);
                column += 1 + word.length();
            }
            out.append('\n');
        }
    }

    private static String allowed(ParamType<?> type) {
        return switch (type) {
            case ParamType.Bool _ -> "Either yes or no.";
            case ParamType.Whole(long min, long max) ->
                    max == Long.MAX_VALUE
                            ? "A number, " + min + " or more."
                            : "A number from " + min + " to " + max + ".";
            case ParamType.Time(char unit) -> "A time; without a unit in " + unit(unit) + ".";
            case ParamType.Items _ -> "A list.";
            case ParamType.Ports _ -> "A list of port numbers, or any.";
            case ParamType.Location _ -> "A path.";
            case ParamType.Choice(var words) ->
                    "One of: "
                            + String.join(
                                    ", ",
                                    words.stream().map(w -> w.isEmpty() ? "(empty)" : w).toList())
                            + ".";
            case ParamType.Text(boolean nonEmpty) -> nonEmpty ? "Must not be empty." : "";
            case ParamType.Raw _ -> "";
            case ParamType.Defunct _ -> "Must not be used any more.";
        };
    }

    private static String unit(char unit) {
        return switch (unit) {
            case 's' -> "seconds";
            case 'm' -> "minutes";
            case 'h' -> "hours";
            case 'd' -> "days";
            default -> "weeks";
        };
    }

    /// For an argument of a macro: a dot at its end is no delimiter.
    private static String escaped(String text) {
        String plain = plain(text);
        return plain.endsWith(".") ? plain + "\\&" : plain;
    }

    /// For a line that is shown as it stands: no word of it is taken for a macro.
    private static String literal(String line) {
        var out = new StringBuilder();
        for (var word : plain(line).split(" ")) {
            boolean special = word.length() == 1 || word.matches("%?[A-Z][A-Za-z0-9]{1,2}");
            out.append(out.isEmpty() ? "" : " ").append(special ? "\\&" : "").append(word);
        }
        String text = out.toString();
        return text.matches(".*[.,:;)\\]?!]") ? text + "\\&" : text;
    }

    private static String plain(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postino.commands.Lines;
import org.postino.util.Printable;

/// The rows of an answer, in the forms that doveadm has.
///
/// In all but [Pager] a row is a line: what would end it, or move a terminal's cursor, is shown as `?`, or escaped in JSON.
abstract sealed class Output {
    private final PrintStream out;
    private List<Column> columns = List.of();

    private Output(PrintStream out) {
        this.out = out;
    }

    /// The forms, by doveadm's names.
    enum Form {
        FLOW,
        PAGER,
        TAB,
        TABLE,
        JSON;

        Output on(PrintStream out) {
            return switch (this) {
                case FLOW -> new Flow(out);
                case PAGER -> new Pager(out);
                case TAB -> new Tab(out);
                case TABLE -> new Table(out);
                case JSON -> new Json(out);
            };
        }
    }

    /// Says what the values of all rows are.
    void begin(List<Column> all) {
        columns = List.copyOf(all);
    }

    /// Writes a row with a value for each column.
    abstract void row(List<Field> values) throws IOException;

    /// Writes what is still to be written.
    void end() {
        out.flush();
    }

    final List<Column> columns() {
        return columns;
    }

    final PrintStream out() {
        return out;
    }

    final void line(String text) {
        out.append(text).append('\n');
    }

    private static String safe(Field value) throws IOException {
        return Printable.text(value.text());
    }

    /// Words: `INBOX messages=5 unseen=2`.
    private static final class Flow extends Output {
        Flow(PrintStream out) {
            super(out);
        }

        @Override
        void row(List<Field> values) throws IOException {
            var words = new ArrayList<String>();
            for (int i = 0; i < values.size(); i++) {
                Column column = columns().get(i);
                words.add((column.titled() ? column.name() + "=" : "") + safe(values.get(i)));
            }
            line(String.join(" ", words));
        }
    }

    /// A line for each value, octets as they are, and a form feed between rows.
    private static final class Pager extends Output {
        private boolean begun;

        Pager(PrintStream out) {
            super(out);
        }

        @Override
        void row(List<Field> values) throws IOException {
            if (begun) {
                line("\f");
            }
            begun = true;
            for (int i = 0; i < values.size(); i++) {
                out().append(columns().get(i).name()).append(':');
                if (values.get(i) instanceof Field.Content(var source)) {
                    line("");
                    source.writeTo(out());
                } else {
                    line(" " + safe(values.get(i)));
                }
            }
        }
    }

    /// Values parted by tabs, below a line with their names.
    private static final class Tab extends Output {
        Tab(PrintStream out) {
            super(out);
        }

        @Override
        void begin(List<Column> all) {
            super.begin(all);
            line(all.stream().map(Column::name).collect(Collectors.joining("\t")));
        }

        @Override
        void row(List<Field> values) throws IOException {
            var cells = new ArrayList<String>();
            for (Field value : values) {
                cells.add(safe(value));
            }
            line(String.join("\t", cells));
        }
    }

    /// Columns with their names above, written at the end, when their widths are known.
    private static final class Table extends Output {
        private final List<List<String>> rows = new ArrayList<>();

        Table(PrintStream out) {
            super(out);
        }

        @Override
        void row(List<Field> values) throws IOException {
            var cells = new ArrayList<String>();
            for (Field value : values) {
                cells.add(safe(value));
            }
            rows.add(cells);
        }

        @Override
        void end() {
            rows.addFirst(columns().stream().map(Column::name).toList());
            int[] widths = new int[columns().size()];
            for (List<String> row : rows) {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.max(widths[i], row.get(i).length());
                }
            }
            for (List<String> row : rows) {
                var text = new StringBuilder();
                for (int i = 0; i < widths.length; i++) {
                    String blanks = " ".repeat(widths[i] - row.get(i).length());
                    boolean right = columns().get(i).number();
                    text.append(right ? blanks + row.get(i) : row.get(i) + blanks).append(' ');
                }
                line(text.toString().stripTrailing());
            }
            super.end();
        }
    }

    /// An object a line. An octet that is not UTF-8 is the character of its number.
    private static final class Json extends Output {
        Json(PrintStream out) {
            super(out);
        }

        @Override
        void row(List<Field> values) throws IOException {
            var text = new StringBuilder("{");
            for (int i = 0; i < values.size(); i++) {
                text.append(i == 0 ? "" : ", ").append(Lines.json(columns().get(i).name()));
                text.append(": ");
                text.append(
                        values.get(i) instanceof Field.Count(var number)
                                ? Long.toString(number)
                                : Lines.json(latin(values.get(i).text())));
            }
            line(text.append('}').toString());
        }

        /// The text without the halves of characters that [ByteNames] makes of single octets.
        private static String latin(String text) {
            var out = new StringBuilder(text);
            for (int i = 0; i < out.length(); i++) {
                char c = out.charAt(i);
                boolean paired = i > 0 && Character.isHighSurrogate(out.charAt(i - 1));
                if (Character.isLowSurrogate(c) && !paired) {
                    out.setCharAt(i, (char) (c & 0xff));
                }
            }
            return out.toString();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.PrintStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.postino.message.Address;
import org.postino.message.MailDate;
import org.postino.queue.QueueEntry;
import org.postino.queue.QueueName;
import org.postino.util.Printable;

/// The queue as a table for people or as JSON lines, in Postfix's formats.
sealed interface QueueReport {
    void entry(QueueEntry e);

    void end();

    /// Returns the sender as both forms show it: the null sender has a name.
    static String sender(QueueEntry e) {
        return e.sender().isEmpty() ? "MAILER-DAEMON" : e.sender();
    }

    /// The table of `mailq`.
    ///
    /// Columns are wider with long queue ids. A queue id is followed by `*` in the active queue, `!` on hold, `#` after a forced
    /// expiry.
    final class Table implements QueueReport {
        private static final int REASON_WIDTH = 76;

        private final PrintStream out;
        private final boolean longIds;
        private final TimeZone zone;
        private int messages;
        private long bytes;

        /// @param zone a zone of the old kind, since one of `java.time` would look for its rules in each jar
        Table(PrintStream out, boolean longIds, TimeZone zone) {
            this.out = out;
            this.longIds = longIds;
            this.zone = zone;
        }

        @Override
        public void entry(QueueEntry e) {
            if (messages++ == 0) {
                line(
                        longIds
                                ? "----Queue ID----- --Size-- ---Arrival Time---- --Sender/Recipient------"
                                : "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------");
            }
            bytes += e.size();
            var text = new StringBuilder(100);
            left(text, e.id().text() + flag(e), longIds ? 17 : 11).append(' ');
            right(text, Long.toString(e.size()), longIds ? 8 : 7).append(' ');
            text.append(time(local(e.arrival()))).append(longIds ? " " : "  ");
            text.append(e.sender().isEmpty() ? QueueReport.sender(e) : address(e.sender()));
            line(text.toString());
            String reason = "";
            for (QueueEntry.Waiting w : e.recipients()) {
                if (!w.reason().equals(reason)) {
                    reason = w.reason();
                    if (!reason.isEmpty()) {
                        line(
                                right(new StringBuilder(), "", REASON_WIDTH - reason.length())
                                        .append('(')
                                        .append(Printable.text(reason))
                                        .append(')')
                                        .toString());
                    }
                }
                line(" ".repeat(longIds ? 47 : 41) + address(w.address()));
            }
            line("");
        }

        @Override
        public void end() {
            line(
                    messages == 0
                            ? "Mail queue is empty"
                            : "-- "
                                    + bytes / 1024
                                    + " Kbytes in "
                                    + messages
                                    + (messages == 1 ? " Request." : " Requests."));
            out.flush();
        }

        private void line(String text) {
            out.append(text).append('\n');
        }

        private static char flag(QueueEntry e) {
            if (e.forcedExpire()) {
                return '#';
            }
            return e.queue() == QueueName.ACTIVE ? '*' : e.queue() == QueueName.HOLD ? '!' : ' ';
        }

        private static String address(String internal) {
            return Printable.text(Address.parse(internal).quoted());
        }

        private OffsetDateTime local(Instant time) {
            int millis = zone.getOffset(time.toEpochMilli());
            return time.atOffset(ZoneOffset.ofTotalSeconds(millis / 1000));
        }

        /// Writes a time as `ctime` does, without the year: `Sun Mar  1 12:00:00`.
        private static String time(OffsetDateTime t) {
            var s = new StringBuilder(20);
            s.append(MailDate.day(t.getDayOfWeek().getValue())).append(' ');
            s.append(MailDate.month(t.getMonthValue())).append(' ');
            right(s, Integer.toString(t.getDayOfMonth()), 2).append(' ');
            two(s, t.getHour()).append(':');
            two(s, t.getMinute()).append(':');
            return two(s, t.getSecond()).toString();
        }

        private static StringBuilder two(StringBuilder s, int value) {
            return s.append((char) ('0' + value / 10)).append((char) ('0' + value % 10));
        }

        private static StringBuilder left(StringBuilder s, String text, int width) {
            s.append(text);
            return s.repeat(" ", Math.max(0, width - text.length()));
        }

        private static StringBuilder right(StringBuilder s, String text, int width) {
            s.repeat(" ", Math.max(0, width - text.length()));
            return s.append(text);
        }
    }

    /// One JSON object per line: `postqueue -j`.
    final class Json implements QueueReport {
        private final PrintStream out;

        Json(PrintStream out) {
            this.out = out;
        }

        @Override
        public void entry(QueueEntry e) {
            List<String> recipients = new ArrayList<>();
            for (QueueEntry.Waiting w : e.recipients()) {
                String reason =
                        w.reason().isEmpty() ? "" : ", \"delay_reason\": " + quoted(w.reason());
                recipients.add(
                        "{\"orig_address\": "
                                + quoted(w.original())
                                + ", \"address\": "
                                + quoted(w.address())
                                + reason
                                + "}");
            }
            out.append("{\"queue_name\": ").append(quoted(e.queue().directory()));
            out.append(", \"queue_id\": ").append(quoted(e.id().text()));
            out.append(", \"arrival_time\": ").append(Long.toString(e.arrival().getEpochSecond()));
            out.append(", \"message_size\": ").append(Long.toString(e.size()));
            out.append(", \"forced_expire\": ").append(Boolean.toString(e.forcedExpire()));
            out.append(", \"sender\": ").append(quoted(QueueReport.sender(e)));
            out.append(", \"recipients\": [").append(String.join(", ", recipients)).append("]}\n");
        }

        @Override
        public void end() {
            out.flush();
        }

        private String quoted(String text) {
            return Lines.json(text);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.time.Clock;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.postino.config.Config;
import org.postino.config.Expander;
import org.postino.config.MainParams;
import org.postino.config.Param;
import org.postino.config.ValueException;
import org.postino.smtp.Reply;
import org.postino.suite.PostscreenParams;
import org.postino.suite.SmtpdParams;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.util.Printable;

/// Gives refusals the form in which clients see them: `smtpd_reject_filter_maps` replaces them, `soft_bounce` makes them temporary,
/// `smtpd_reject_footer` adds lines. Safe for use by several threads.
final class RefusalStyle {
    /// A line of a reply may have 512 bytes, its end included (RFC 5321, 4.5.3.1.5).
    static final int MAX_TEXT = 480;

    private final RejectFilter filter;
    private final boolean soft;
    private final String footer;
    private final Maps footers;
    private final ReplyNames names;
    private final String hostname;
    private final Clock clock;
    private final ZoneId zone;

    private RefusalStyle(Config config, Maps filter, Footers footers, Clock clock, ZoneId zone) {
        this.filter = new RejectFilter(filter);
        soft = config.get(MainParams.SOFT_BOUNCE);
        footer = footers.usual().strip();
        this.footers = footers.maps();
        names = new ReplyNames(footers.characters());
        hostname = config.get(MainParams.MYHOSTNAME);
        this.clock = clock;
        this.zone = zone;
    }

    /// The texts that follow refusals.
    ///
    /// @param usual the text where `maps` have none
    /// @param characters that may stand in the values of names
    private record Footers(String usual, Maps maps, String characters) {}

    /// The form of smtpd(8)'s refusals.
    static RefusalStyle ofSmtpd(Config config, Tables tables, Clock clock, ZoneId zone) {
        var footers =
                new Footers(
                        config.get(SmtpdParams.SMTPD_REJECT_FOOTER),
                        tables.maps(config.get(SmtpdParams.SMTPD_REJECT_FOOTER_MAPS)),
                        config.get(SmtpdParams.SMTPD_EXPANSION_FILTER));
        Maps filter = tables.maps(config.get(SmtpdParams.SMTPD_REJECT_FILTER_MAPS));
        return new RefusalStyle(config, filter, footers, clock, zone);
    }

    /// The form of postscreen(8)'s refusals.
    static RefusalStyle ofPostscreen(Config config, Tables tables, Clock clock, ZoneId zone) {
        var footers =
                new Footers(
                        value(
                                config,
                                PostscreenParams.POSTSCREEN_REJECT_FOOTER,
                                SmtpdParams.SMTPD_REJECT_FOOTER),
                        tables.maps(config.get(PostscreenParams.POSTSCREEN_REJECT_FOOTER_MAPS)),
                        value(
                                config,
                                PostscreenParams.POSTSCREEN_EXPANSION_FILTER,
                                SmtpdParams.SMTPD_EXPANSION_FILTER));
        return new RefusalStyle(config, tables.maps(List.of()), footers, clock, zone);
    }

    /// The value of a parameter whose text is not expanded, which may name that of smtpd.
    private static String value(Config config, Param<String> param, Param<String> smtpd) {
        String text = config.get(param).strip();
        return text.equals("$" + smtpd.name()) || text.equals("${" + smtpd.name() + "}")
                ? config.get(smtpd)
                : text;
    }

    /// Hears what becomes of refusals.
    interface Listener {
        /// Something is wrong with the configuration.
        void warning(String text);

        /// One was replaced, where a filter may do so.
        default void replaced(Reply refusal, Reply instead, Facts facts) {}
    }

    /// The reply as the client sees it; one that is no refusal stays as it is.
    Reply shown(Reply reply, Supplier<Facts> facts, Listener listener) {
        if (reply.isPositive()) {
            return reply;
        }
        Consumer<String> warning = listener::warning;
        Reply filtered = filter.apply(reply, warning);
        if (!filtered.equals(reply)) {
            listener.replaced(reply, filtered, facts.get());
        }
        Reply shown = soft && filtered.isPermanent() ? softened(filtered) : filtered;
        String template = template(shown, warning);
        if (template.isEmpty()) {
            return shown;
        }
        boolean goesOn = template.startsWith("\\c");
        try {
            String text =
                    Expander.expand(
                            goesOn ? template.substring(2) : template,
                            name -> value(name, facts.get()));
            return with(shown, goesOn, text.split("\\\\n", -1));
        } catch (ValueException e) {
            warning.accept("footer not used: " + e.getMessage() + ": " + template);
            return shown;
        }
    }

    private String template(Reply reply, Consumer<String> warning) {
        if (footers.isEmpty()) {
            return footer;
        }
        try {
            return footers.find(reply.toString()).map(String::strip).orElse(footer);
        } catch (TableException e) {
            warning.accept(String.valueOf(e.getMessage()));
            return footer;
        }
    }

    /// @param goesOn whether the first line stands behind the last one of the reply
    private static Reply with(Reply reply, boolean goesOn, String[] text) {
        List<String> lines = new ArrayList<>(reply.lines());
        for (int i = 0; i < text.length; i++) {
            if (i == 0 && goesOn) {
                lines.add(line(lines.removeLast() + text[i]));
            } else {
                lines.add(line(text[i]));
            }
        }
        return new Reply(reply.code(), reply.status(), lines);
    }

    private static String line(String text) {
        return Printable.text(text, MAX_TEXT);
    }

    private String value(String name, Facts facts) throws ValueException {
        String value =
                switch (name) {
                    case "localtime" ->
                            DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ENGLISH)
                                    .format(clock.instant().atZone(zone));
                    case "server_name" -> hostname;
                    default -> names.value(name, facts);
                };
        if (value == null) {
            throw new ValueException("unknown name \"" + name + "\"");
        }
        return value;
    }

    private static Reply softened(Reply reply) {
        var status = reply.status();
        return new Reply(
                reply.code() - 100, status == null ? null : status.withSeverity(4), reply.lines());
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.List;
import org.postino.config.Config;
import org.postino.config.Expander;
import org.postino.config.ValueException;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;
import org.postino.suite.DnsList;
import org.postino.suite.SmtpdParams;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.util.Printable;

/// Makes the replies that refuse what stands in a DNS list, from templates of the administrator's.
final class DnsListReply {
    /// A line of a reply may have 512 bytes, its end included (RFC 5321, 4.5.3.1.5).
    private static final int MAX_TEXT = 480;

    private static final EnhancedStatus DENIED = new EnhancedStatus(5, 7, 1);

    private final String usual;
    private final Maps byList;
    private final ReplyNames names;
    private final int code;

    DnsListReply(Config config, Tables tables) {
        usual = config.get(SmtpdParams.DEFAULT_RBL_REPLY);
        byList = tables.maps(config.get(SmtpdParams.RBL_REPLY_MAPS));
        names = new ReplyNames(config.get(SmtpdParams.SMTPD_EXPANSION_FILTER));
        code = config.get(SmtpdParams.MAPS_RBL_REJECT_CODE).intValue();
    }

    /// The refusal of something that is listed.
    ///
    /// @param reason the list's own words; empty if it has none
    Verdict of(Evaluation e, DnsList list, Subject.Kind kind, String what, String reason)
            throws TableException {
        String template = byList.find(list.text()).orElse(usual);
        String text;
        try {
            text =
                    Expander.expand(
                            template, name -> value(name, e.facts(), list, kind, what, reason));
        } catch (ValueException bad) {
            text = String.valueOf(bad.getMessage());
        }
        return parsed(e, text);
    }

    private Verdict parsed(Evaluation e, String text) {
        String[] words = text.split("[ \t]+", 3);
        if (words.length < 2 || !words[0].matches("[45][0-9][0-9]")) {
            e.warning("rbl response code configuration error: " + text);
            return refusal(450, DENIED, "Service unavailable");
        }
        int stated = Integer.parseInt(words[0]);
        var status = EnhancedStatus.parse(words[1]);
        boolean bare = status.isPresent() && words.length == 2;
        String rest = text.substring(text.indexOf(words[1], words[0].length()));
        if (status.isPresent()) {
            rest = bare ? "Service unavailable" : words[2];
        }
        return refusal(stated, status.orElse(DENIED), rest);
    }

    private static Verdict refusal(int code, EnhancedStatus status, String text) {
        return new Action.Refuse(
                new Reply(
                        code,
                        status.withSeverity(code / 100),
                        List.of(Printable.text(text, MAX_TEXT))));
    }

    private String value(
            String name, Facts facts, DnsList list, Subject.Kind kind, String what, String reason)
            throws ValueException {
        return switch (name) {
            case "rbl_class" -> kind.words();
            case "rbl_code" -> Integer.toString(code);
            case "rbl_domain" -> list.domain();
            case "rbl_reason", "rbl_txt" -> names.safe(reason);
            case "rbl_what" -> names.safe(what);
            default -> {
                String value = names.value(name, facts);
                if (value == null) {
                    throw new ValueException("unknown name \"" + name + "\" in a reply");
                }
                yield value;
            }
        };
    }
}

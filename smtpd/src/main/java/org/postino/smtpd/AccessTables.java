// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.message.Address;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.StatusText;
import org.postino.suite.AccessAction;
import org.postino.suite.AccessActionName;
import org.postino.suite.RestrictionName;
import org.postino.suite.SmtpdParams;
import org.postino.table.Tables;

/// Restrictions that look into an access table and do what it says: the code of the rows of [AccessActionName].
final class AccessTables {
    private static final EnhancedStatus DENIED = new EnhancedStatus(5, 7, 1);

    private final Tables tables;
    private final AddressLookup addresses;
    private final boolean parentMatches;
    private final String delimiters;
    private final String nullKey;
    private final int rejectCode;
    private final int deferCode;

    AccessTables(Config config, Tables tables, AddressLookup addresses) {
        this.tables = tables;
        this.addresses = addresses;
        parentMatches =
                config.get(MainParams.PARENT_DOMAIN_MATCHES_SUBDOMAINS)
                        .contains("smtpd_access_maps");
        delimiters = config.get(MainParams.RECIPIENT_DELIMITER);
        nullKey = config.get(SmtpdParams.SMTPD_NULL_ACCESS_LOOKUP_KEY);
        rejectCode = config.get(SmtpdParams.ACCESS_MAP_REJECT_CODE).intValue();
        deferCode = config.get(SmtpdParams.ACCESS_MAP_DEFER_CODE).intValue();
    }

    Restriction client(String table, RestrictionList lists) {
        AccessMap map = map(table);
        return (e, _) -> {
            Client client = e.facts().client();
            return apply(
                    map.client(client.name(), client.address()),
                    table,
                    e,
                    Subject.Kind.CLIENT,
                    lists);
        };
    }

    /// By the client's name even if it is not confirmed: such a name may shut out, never let in.
    Restriction reverseClient(RestrictionName name, String table, RestrictionList lists) {
        AccessMap map = map(table);
        return withoutPermit(
                name,
                Subject.Kind.REVERSE_CLIENT,
                (e, _) -> {
                    Client client = e.facts().client();
                    return apply(
                            map.client(client.named().reverse(), client.address()),
                            table,
                            e,
                            Subject.Kind.REVERSE_CLIENT,
                            lists);
                });
    }

    Restriction helo(String table, RestrictionList lists) {
        return name(table, Facts::helo, Subject.Kind.HELO, lists);
    }

    Restriction etrn(String table, RestrictionList lists) {
        return name(table, Facts::etrnDomain, Subject.Kind.ETRN, lists);
    }

    private Restriction name(
            String table,
            Function<Facts, @Nullable String> what,
            Subject.Kind kind,
            RestrictionList lists) {
        AccessMap map = map(table);
        return (e, _) -> {
            String name = what.apply(e.facts());
            return name == null ? Verdict.DUNNO : apply(map.domain(name), table, e, kind, lists);
        };
    }

    Restriction sender(String table, RestrictionList lists) {
        AccessMap map = map(table);
        return (e, _) -> {
            Address sender = e.facts().sender();
            return sender == null
                    ? Verdict.DUNNO
                    : apply(
                            sender.isNull()
                                    ? map.nullSender()
                                    : map.address(addresses.address(sender)),
                            table,
                            e,
                            Subject.Kind.SENDER,
                            lists);
        };
    }

    Restriction recipient(String table, RestrictionList lists) {
        AccessMap map = map(table);
        return (e, _) -> {
            Address recipient = e.facts().recipient();
            return recipient == null
                    ? Verdict.DUNNO
                    : apply(
                            map.address(addresses.address(recipient)),
                            table,
                            e,
                            Subject.Kind.RECIPIENT,
                            lists);
        };
    }

    Restriction login(String table, RestrictionList lists) {
        AccessMap map = map(table);
        return (e, _) -> {
            Login login = e.facts().login();
            return login == null
                    ? Verdict.DUNNO
                    : apply(
                            map.address(Address.parse(login.user())),
                            table,
                            e,
                            Subject.Kind.CLIENT,
                            lists);
        };
    }

    AccessMap map(String table) {
        return new AccessMap(tables.open(table), parentMatches, delimiters, nullKey);
    }

    /// A restriction that may not say `OK`, since clients choose what it looks up.
    Restriction withoutPermit(RestrictionName name, Subject.Kind kind, Restriction restriction) {
        return (e, subject) -> {
            Verdict verdict = restriction.check(e, subject);
            if (!verdict.equals(Verdict.PERMIT)) {
                return verdict;
            }
            e.warning(
                    "restriction "
                            + name.word()
                            + " returns OK for "
                            + Subject.of(kind, e.facts()).name());
            e.warning("this is not allowed for security reasons");
            e.warning("use DUNNO instead of OK if you want to make an exception");
            return StandardRefusals.CONFIGURATION_ERROR;
        };
    }

    private Verdict apply(
            Optional<String> found,
            String table,
            Evaluation e,
            Subject.Kind kind,
            RestrictionList lists) {
        return apply(found, table, e, Subject.of(kind, e.facts()), lists);
    }

    Verdict apply(
            Optional<String> found,
            String table,
            Evaluation e,
            Subject subject,
            RestrictionList lists) {
        return found.isEmpty()
                ? Verdict.DUNNO
                : answer(found.get(), "access table " + table, e, subject, lists);
    }

    /// Does what an action says, whoever says it.
    ///
    /// @param text as access(5) has it
    /// @param source names whoever says it, for the log
    Verdict answer(
            String text, String source, Evaluation e, Subject subject, RestrictionList lists) {
        return switch (AccessAction.parse(text)) {
            case AccessAction.Named(var name, var argument) ->
                    named(name, argument, source, subject, e);
            case AccessAction.Reply(int code, var words) ->
                    reply(code, words, "Access denied", subject);
            case AccessAction.Restrictions(var list) ->
                    e.ask(lists.dynamic(list, source, e), subject.kind());
            case AccessAction.Broken(var why) -> broken(why, source, e);
        };
    }

    /// The code of each row of [AccessActionName].
    private Verdict named(
            AccessActionName name, String argument, String source, Subject subject, Evaluation e) {
        return switch (name) {
            case OK -> e.permit("OK", subject, table(source));
            case DUNNO -> Verdict.DUNNO;
            case REJECT -> reply(rejectCode, argument, "Access denied", subject);
            case DEFER -> reply(deferCode, argument, "Access denied", subject);
            case DEFER_IF_PERMIT ->
                    e.deferIfPermit(reply(450, argument, "Service unavailable", subject));
            case DEFER_IF_REJECT ->
                    e.deferIfReject(reply(450, argument, "Service unavailable", subject));
            case HOLD -> e.act(new Action.Hold(words(name, argument, subject)));
            case DISCARD -> e.act(new Action.Discard(words(name, argument, subject)));
            case REDIRECT ->
                    e.act(new Action.Redirect(argument, triggers(name, argument, subject)));
            case BCC -> e.act(new Action.Bcc(argument, triggers(name, argument, subject)));
            case FILTER -> e.act(new Action.Filter(argument, triggers(name, argument, subject)));
            case PREPEND -> e.act(new Action.Prepend(argument));
            case WARN -> e.act(new Action.Warn(argument));
            case INFO -> e.act(new Action.Note(argument));
        };
    }

    /// A refusal, its text after a status if it begins with one.
    ///
    /// @param usual the text if there is none
    private static Verdict reply(int code, String text, String usual, Subject subject) {
        var stated = StatusText.of(text);
        return subject.refuse(
                code, stated.statusOr(DENIED), stated.text().isEmpty() ? usual : stated.text());
    }

    private static String words(AccessActionName name, String text, Subject subject) {
        return text.isEmpty() ? subject.triggers(name + " action") : text;
    }

    /// The table or server of a source: `access table hash:/etc/x`.
    private static String table(String source) {
        String[] words = source.split(" ", 3);
        return words[words.length - 1];
    }

    private static String triggers(AccessActionName name, String argument, Subject subject) {
        return subject.triggers(name + " " + argument);
    }

    private static Verdict broken(String why, String source, Evaluation e) {
        e.warning(source + ": " + why);
        return StandardRefusals.CONFIGURATION_ERROR;
    }
}

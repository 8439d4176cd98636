// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.message.Address;
import org.postino.smtp.EnhancedStatus;
import org.postino.suite.SmtpdParams;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Restrictions that look into an access table and do what it says.
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
        return (e, _) ->
                apply(map.client(e.facts().client()), table, e, Subject.Kind.CLIENT, lists);
    }

    Restriction helo(String table, RestrictionList lists) {
        AccessMap map = map(table);
        return (e, _) -> {
            String helo = e.facts().helo();
            return helo == null
                    ? Verdict.DUNNO
                    : apply(map.domain(helo), table, e, Subject.Kind.HELO, lists);
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

    private AccessMap map(String table) {
        return new AccessMap(tables.open(table), parentMatches, delimiters, nullKey);
    }

    private Verdict apply(
            Optional<String> found,
            String table,
            Evaluation e,
            Subject.Kind kind,
            RestrictionList lists)
            throws TableException {
        if (found.isEmpty()) {
            return Verdict.DUNNO;
        }
        var subject = Subject.of(kind, e.facts());
        return switch (AccessAction.parse(found.get())) {
            case AccessAction.Ok _ -> Verdict.PERMIT;
            case AccessAction.Dunno _ -> Verdict.DUNNO;
            case AccessAction.Reject(int code, var status, var text) ->
                    subject.refuse(
                            code == 0 ? rejectCode : code,
                            status == null ? DENIED : status,
                            text.isEmpty() ? "Access denied" : text);
            case AccessAction.Defer(var status, var text) ->
                    subject.refuse(
                            deferCode,
                            status == null ? DENIED : status,
                            text.isEmpty() ? "Access denied" : text);
            case AccessAction.DeferIfPermit(var status, var text) ->
                    e.deferIfPermit(unavailable(subject, status, text));
            case AccessAction.DeferIfReject(var status, var text) ->
                    e.deferIfReject(unavailable(subject, status, text));
            case AccessAction.Ask(var restrictions) ->
                    e.ask(lists.dynamic(restrictions, table, e), kind);
            case AccessAction.Broken(var why) -> broken(why, table, e);
            case AccessAction.Hold(var text) ->
                    e.act(new Action.Hold(text.isEmpty() ? subject.triggers("HOLD action") : text));
            case AccessAction.Discard(var text) ->
                    e.act(
                            new Action.Discard(
                                    text.isEmpty() ? subject.triggers("DISCARD action") : text));
            case AccessAction.Redirect(var address) ->
                    e.act(new Action.Redirect(address, subject.triggers("REDIRECT " + address)));
            case AccessAction.Bcc(var address) ->
                    e.act(new Action.Bcc(address, subject.triggers("BCC " + address)));
            case AccessAction.Prepend(var field) -> e.act(new Action.Prepend(field));
            case AccessAction.Warn(var text) -> e.act(new Action.Warn(text));
            case AccessAction.Remark(var text) -> e.act(new Action.Note(text));
        };
    }

    private static Verdict unavailable(
            Subject subject, @Nullable EnhancedStatus status, String text) {
        return subject.refuse(
                450,
                status == null ? DENIED : status,
                text.isEmpty() ? "Service unavailable" : text);
    }

    private static Verdict broken(String why, String table, Evaluation e) {
        e.warning("access table " + table + ": " + why);
        return StandardRefusals.CONFIGURATION_ERROR;
    }
}

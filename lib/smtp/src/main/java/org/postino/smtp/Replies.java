// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.ArrayList;
import java.util.List;

/// Everything that a server of ours says, in one place. Word for word what Postfix says, for those who parse it.
///
/// Texts with a peer's words in them take them as arguments and expect them to be [org.postino.util.Printable].
public final class Replies {
    // progress
    public static final Reply OK = Reply.of(250, 2, 0, 0, "Ok");
    public static final Reply SENDER_OK = Reply.of(250, 2, 1, 0, "Ok");
    public static final Reply RECIPIENT_OK = Reply.of(250, 2, 1, 5, "Ok");
    public static final Reply QUEUING_STARTED = Reply.plain(250, "Queuing started");
    public static final Reply START_DATA = Reply.plain(354, "End data with <CR><LF>.<CR><LF>");
    public static final Reply BYE = Reply.of(221, 2, 0, 0, "Bye");
    public static final Reply READY_FOR_TLS = Reply.of(220, 2, 0, 0, "Ready to start TLS");
    public static final Reply AUTHENTICATED = Reply.of(235, 2, 7, 0, "Authentication successful");
    public static final Reply HELP =
            Reply.of(
                    214,
                    2,
                    0,
                    0,
                    "Commands: AUTH BDAT DATA EHLO ETRN HELO HELP MAIL NOOP QUIT RCPT RSET STARTTLS"
                            + " VRFY");

    // what cannot be read
    public static final Reply BAD_SYNTAX = Reply.of(500, 5, 5, 2, "Error: bad syntax");
    public static final Reply BAD_UTF8 = Reply.of(500, 5, 5, 2, "Error: bad UTF-8 syntax");
    public static final Reply NOT_RECOGNIZED =
            Reply.of(500, 5, 5, 2, "Error: command not recognized");
    public static final Reply NOT_IMPLEMENTED =
            Reply.of(502, 5, 5, 1, "Error: command not implemented");
    public static final Reply LINE_TOO_LONG = Reply.of(500, 5, 5, 2, "Error: line too long");
    public static final Reply SYNTAX_HELO = Reply.plain(501, "Syntax: HELO hostname");
    public static final Reply SYNTAX_EHLO = Reply.plain(501, "Syntax: EHLO hostname");
    public static final Reply SYNTAX_LHLO = Reply.plain(501, "Syntax: LHLO hostname");
    public static final Reply SYNTAX_MAIL = Reply.of(501, 5, 5, 4, "Syntax: MAIL FROM:<address>");
    public static final Reply SYNTAX_RCPT = Reply.of(501, 5, 5, 4, "Syntax: RCPT TO:<address>");
    public static final Reply SYNTAX_BDAT = Reply.of(521, 5, 5, 4, "Syntax: BDAT count [LAST]");
    public static final Reply SYNTAX_VRFY =
            Reply.of(501, 5, 5, 4, "Syntax: VRFY address [SMTPUTF8]");
    public static final Reply SYNTAX_EXPN =
            Reply.of(501, 5, 5, 4, "Syntax: EXPN address [SMTPUTF8]");
    public static final Reply SYNTAX_ETRN = Reply.plain(500, "Syntax: ETRN domain");
    public static final Reply BAD_ETRN = Reply.plain(501, "Error: invalid parameter syntax");
    public static final Reply SYNTAX_AUTH = Reply.of(501, 5, 5, 4, "Syntax: AUTH mechanism");
    public static final Reply ATTRIBUTE_EXPECTED =
            Reply.of(501, 5, 5, 4, "Error: attribute=value expected");
    public static final Reply ATTRIBUTE_TOO_LONG =
            Reply.of(501, 5, 5, 4, "Error: attribute value too long");
    public static final Reply NOT_AUTHORIZED =
            Reply.of(550, 5, 7, 0, "Error: insufficient authorization");
    public static final Reply BAD_SENDER = Reply.of(501, 5, 1, 7, "Bad sender address syntax");
    public static final Reply BAD_RECIPIENT =
            Reply.of(501, 5, 1, 3, "Bad recipient address syntax");
    public static final Reply SENDER_NEEDS_SMTPUTF8 =
            Reply.of(553, 5, 6, 7, "Error: non-ASCII sender address requires SMTPUTF8");
    public static final Reply RECIPIENT_NEEDS_SMTPUTF8 =
            Reply.of(553, 5, 6, 7, "Error: non-ASCII recipient address requires SMTPUTF8");
    public static final Reply BAD_SIZE = Reply.of(501, 5, 5, 4, "Bad message size syntax");
    public static final Reply BAD_RET = Reply.of(501, 5, 5, 4, "Bad RET parameter syntax");
    public static final Reply BAD_ENVID = Reply.of(501, 5, 5, 4, "Bad ENVID parameter syntax");
    public static final Reply BAD_AUTH_PARAMETER =
            Reply.of(501, 5, 5, 4, "Error: invalid AUTH parameter");
    public static final Reply BAD_NOTIFY =
            Reply.of(501, 5, 5, 4, "Error: Bad NOTIFY parameter syntax");
    public static final Reply BAD_ORCPT =
            Reply.of(501, 5, 5, 4, "Error: Bad ORCPT parameter syntax");

    public static final Reply REQUIRETLS_NEEDED =
            Reply.of(550, 5, 7, 30, "REQUIRETLS support required");

    // what comes at the wrong time
    public static final Reply SEND_HELO_FIRST =
            Reply.of(503, 5, 5, 1, "Error: send HELO/EHLO first");
    public static final Reply NESTED_MAIL = Reply.of(503, 5, 5, 1, "Error: nested MAIL command");
    public static final Reply NEED_MAIL = Reply.of(503, 5, 5, 1, "Error: need MAIL command");
    public static final Reply NEED_RCPT = Reply.of(503, 5, 5, 1, "Error: need RCPT command");
    public static final Reply NO_VALID_RECIPIENTS =
            Reply.of(554, 5, 5, 1, "Error: no valid recipients");
    public static final Reply DATA_AFTER_BDAT = Reply.of(503, 5, 5, 1, "Error: DATA after BDAT");
    public static final Reply MAIL_AFTER_BDAT = Reply.of(503, 5, 5, 1, "Error: MAIL after BDAT");
    public static final Reply RCPT_AFTER_BDAT = Reply.of(503, 5, 5, 1, "Error: RCPT after BDAT");
    public static final Reply MAIL_IN_PROGRESS =
            Reply.of(503, 5, 5, 1, "Error: MAIL transaction in progress");
    public static final Reply ETRN_SEND_HELO_FIRST =
            Reply.plain(503, "Error: send HELO/EHLO first");
    public static final Reply ETRN_MAIL_IN_PROGRESS =
            Reply.plain(503, "Error: MAIL transaction in progress");
    public static final Reply AUTH_NOT_ENABLED =
            Reply.of(503, 5, 5, 1, "Error: authentication not enabled");
    public static final Reply ALREADY_AUTHENTICATED =
            Reply.of(503, 5, 5, 1, "Error: already authenticated");
    public static final Reply TLS_ALREADY_ACTIVE =
            Reply.of(554, 5, 5, 1, "Error: TLS already active");
    public static final Reply NEED_STARTTLS =
            Reply.of(530, 5, 7, 0, "Must issue a STARTTLS command first");
    public static final Reply AUTH_NEEDS_TLS =
            Reply.of(538, 5, 7, 0, "Encryption required for requested authentication mechanism");
    public static final Reply AUTHENTICATION_ABORTED =
            Reply.of(501, 5, 7, 0, "Authentication aborted");
    public static final Reply AUTH_LINE_TOO_LONG =
            Reply.of(500, 5, 5, 6, "Error: authentication response too long");
    public static final Reply AUTHENTICATION_UNAVAILABLE =
            Reply.of(
                    454,
                    4,
                    7,
                    0,
                    "Temporary authentication failure: Connection lost to authentication server");
    public static final Reply VRFY_DISABLED = Reply.of(502, 5, 5, 1, "VRFY command is disabled");
    public static final Reply BROKEN_SYNCHRONIZATION =
            Reply.of(554, 5, 5, 0, "Error: SMTP protocol synchronization");
    public static final Reply FORBIDDEN_COMMAND =
            Reply.of(221, 2, 7, 0, "Error: I can break rules, too. Goodbye.");

    // limits and trouble
    public static final Reply CANNOT_QUEUE = Reply.plain(458, "Unable to queue messages");
    public static final Reply TOO_MANY_RECIPIENTS =
            Reply.of(452, 4, 5, 3, "Error: too many recipients");
    public static final Reply SIZE_EXCEEDED =
            Reply.of(552, 5, 3, 4, "Message size exceeds fixed limit");

    /// A declared size that no file system has.
    public static final Reply SIZE_IMPOSSIBLE =
            Reply.of(552, 5, 3, 4, "Message size exceeds file system imposed limit");

    public static final Reply CHUNK_TOO_BIG =
            Reply.of(552, 5, 3, 4, "Chunk exceeds message size limit");
    public static final Reply NULL_CHUNK = Reply.of(551, 5, 7, 1, "Null BDAT request");
    public static final Reply MESSAGE_TOO_BIG =
            Reply.of(552, 5, 3, 4, "Error: message file too big");
    public static final Reply NO_SPACE = Reply.of(452, 4, 3, 1, "Insufficient system storage");
    public static final Reply QUEUE_WRITE_ERROR =
            Reply.of(451, 4, 3, 0, "Error: queue file write error");
    public static final Reply LOOKUP_FAILURE = Reply.of(451, 4, 3, 0, "Temporary lookup failure");
    public static final Reply TLS_UNAVAILABLE =
            Reply.of(454, 4, 7, 0, "TLS not available due to local problem");
    public static final Reply CONFIGURATION_ERROR =
            Reply.of(451, 4, 3, 5, "Server configuration error");
    public static final Reply LOCAL_ERROR = Reply.of(451, 4, 3, 0, "Internal server error");

    private Replies() {}

    /// An attribute of XFORWARD or XCLIENT that has not this form.
    public static Reply badAttribute(String name, String value) {
        return Reply.of(501, 5, 5, 4, "Bad " + name + " syntax: " + value);
    }

    /// An attribute that XFORWARD or XCLIENT does not have.
    public static Reply unknownAttribute(Verb verb, String name) {
        return Reply.of(501, 5, 5, 4, "Bad " + verb + " attribute name: " + name);
    }

    /// XFORWARD or XCLIENT without any attribute.
    public static Reply attributesMissing(Verb verb) {
        return syntax(verb + " attribute=value...");
    }

    /// `501 5.5.4 Syntax: RSET`.
    public static Reply syntax(String verb) {
        return Reply.of(501, 5, 5, 4, "Syntax: " + verb);
    }

    /// A line or message with a bare LF; the code is configured.
    public static Reply bareLf(int code) {
        return Reply.of(code, code / 100, 5, 2, "Error: bare <LF> received");
    }

    /// Every command of a client that was refused at connection.
    public static Reply accessDenied(String client) {
        return Reply.of(503, 5, 7, 0, "Error: access denied for " + client);
    }

    public static Reply tooManyConnections(String hostname, String address) {
        return Reply.of(421, 4, 7, 0, hostname + " Error: too many connections from " + address);
    }

    public static Reply tooManyTlsSessions(String hostname, String client) {
        return Reply.of(
                421, 4, 7, 0, hostname + " Error: too many new TLS sessions from " + client);
    }

    /// The last word to a client without the certificate that it must have.
    ///
    /// @param why `No client certificate presented`, `Client certificate not trusted`
    public static Reply badClientCertificate(String hostname, String why) {
        return Reply.of(421, 4, 7, 1, hostname + " Error: " + why);
    }

    public static Reply tooMuchMail(String address) {
        return Reply.of(450, 4, 7, 1, "Error: too much mail from " + address);
    }

    public static Reply tooManyRecipientsFrom(String address) {
        return Reply.of(450, 4, 7, 1, "Error: too many recipients from " + address);
    }

    public static Reply tooManyAuths(String address) {
        return Reply.of(450, 4, 7, 1, "Error: too many AUTH commands from " + address);
    }

    public static Reply unsupportedOption(String option) {
        return Reply.of(555, 5, 5, 4, "Unsupported option: " + option);
    }

    public static Reply queued(String queueId) {
        return Reply.of(250, 2, 0, 0, "Ok: queued as " + queueId);
    }

    /// The answer to a BDAT chunk that is not the last one.
    public static Reply chunk(long bytes) {
        return Reply.of(250, 2, 0, 0, "Ok: " + bytes + " bytes");
    }

    /// The answer to the last BDAT chunk.
    public static Reply queued(String queueId, long bytes) {
        return Reply.of(250, 2, 0, 0, "Ok: " + bytes + " bytes queued as " + queueId);
    }

    /// The answer to a BDAT chunk behind one that failed.
    public static Reply discarded(long bytes) {
        return Reply.of(551, 5, 0, 0, "Discarded " + bytes + " bytes after earlier error");
    }

    /// The end of a session whose client made too many errors.
    public static Reply tooManyErrors(String hostname) {
        return Reply.of(421, 4, 7, 0, hostname + " Error: too many errors");
    }

    public static Reply timeout(String hostname) {
        return Reply.of(421, 4, 4, 2, hostname + " Error: timeout exceeded");
    }

    /// The end of a connection that cannot be served, by a fault that is not the client's.
    public static Reply serverLocalError(String hostname) {
        return Reply.of(421, 4, 3, 0, hostname + " Server local error");
    }

    /// The end of a session because the service stops.
    public static Reply shutdown(String hostname) {
        return Reply.of(421, 4, 3, 2, hostname + " Service shutting down");
    }

    public static Reply internalError(String hostname) {
        return Reply.of(421, 4, 3, 0, hostname + " Error: internal error");
    }

    public static Reply authenticationFailed(String reason) {
        return Reply.of(535, 5, 7, 8, "Error: authentication failed: " + reason);
    }

    public static Reply authenticationPostponed(String reason) {
        return Reply.of(454, 4, 7, 0, "Temporary authentication failure: " + reason);
    }

    /// `334` and the server's challenge in base64.
    public static Reply challenge(String base64) {
        return Reply.plain(334, base64);
    }

    /// `252`: the address looks deliverable.
    public static Reply verified(String address) {
        return Reply.of(252, 2, 0, 0, address);
    }

    /// `554 5.7.1 <x@y>: Relay access denied`.
    public static Reply relayDenied(int code, String recipient) {
        return new Reply(
                code,
                new EnhancedStatus(code / 100, 7, 1),
                List.of("<" + recipient + ">: Relay access denied"));
    }

    /// The mail of this domain is never sent on request.
    public static Reply etrnDenied(String domain) {
        return Reply.plain(459, "<" + domain + ">: service unavailable");
    }

    /// The mail of this domain is being sent (RFC 1985, 5.2).
    ///
    /// @param count of messages that waited
    public static Reply etrnStarted(String domain, int count) {
        return count == 0
                ? Reply.plain(251, "OK, no messages waiting for node " + domain)
                : Reply.plain(
                        253, "OK, " + count + " pending messages for node " + domain + " started");
    }

    /// The members of an alias, each a line; those that were left out are so many.
    public static Reply expanded(List<String> members, int leftOut) {
        var lines = new ArrayList<String>(members);
        if (leftOut > 0) {
            lines.add("and " + leftOut + " more");
        }
        return new Reply(250, new EnhancedStatus(2, 1, 5), lines);
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.Param;
import org.postino.suite.PostscreenParams;

/// The values of main.cf that postscreen(8) needs, read once.
///
/// @param enabled the tests that are made
/// @param allowThreshold a score that passes all tests; 0: there is none
/// @param tls the level of TLS for clients under test
record PostscreenSettings(
        PostscreenCheck.Action denylistAction,
        Set<PostscreenCheck> enabled,
        Map<PostscreenCheck, PostscreenCheck.Action> actions,
        Map<PostscreenCheck, Duration> lifetimes,
        String banner,
        Duration greetWait,
        int threshold,
        int allowThreshold,
        Duration minDnsblTime,
        Duration retention,
        long connectionLimit,
        long preQueueLimit,
        long commandLimit,
        Duration commandTime,
        boolean heloRequired,
        boolean vrfyDisabled,
        Set<String> hiddenKeywords,
        String tls) {

    static PostscreenSettings of(Config c) {
        return new PostscreenSettings(
                action(c, PostscreenParams.POSTSCREEN_DENYLIST_ACTION),
                enabled(c),
                actions(c),
                lifetimes(c),
                c.get(PostscreenParams.POSTSCREEN_GREET_BANNER),
                c.get(PostscreenParams.POSTSCREEN_GREET_WAIT),
                Math.toIntExact(c.get(PostscreenParams.POSTSCREEN_DNSBL_THRESHOLD)),
                Math.toIntExact(c.get(PostscreenParams.POSTSCREEN_DNSBL_ALLOWLIST_THRESHOLD)),
                c.get(PostscreenParams.POSTSCREEN_DNSBL_MIN_TTL),
                c.get(PostscreenParams.POSTSCREEN_CACHE_RETENTION_TIME),
                c.get(PostscreenParams.POSTSCREEN_CLIENT_CONNECTION_COUNT_LIMIT),
                c.get(PostscreenParams.POSTSCREEN_PRE_QUEUE_LIMIT),
                c.get(PostscreenParams.POSTSCREEN_COMMAND_COUNT_LIMIT),
                c.get(PostscreenParams.POSTSCREEN_COMMAND_TIME_LIMIT),
                c.get(PostscreenParams.POSTSCREEN_HELO_REQUIRED),
                c.get(PostscreenParams.POSTSCREEN_DISABLE_VRFY_COMMAND),
                Settings.upper(c.get(PostscreenParams.POSTSCREEN_DISCARD_EHLO_KEYWORDS)),
                level(c));
    }

    /// The level that `postscreen_tls_security_level` names or, if it is not set, the parameters of before Postfix 2.3.
    private static String level(Config c) {
        String level = c.get(PostscreenParams.POSTSCREEN_TLS_SECURITY_LEVEL);
        if (!level.isEmpty()) {
            return level;
        }
        if (c.get(PostscreenParams.POSTSCREEN_ENFORCE_TLS)) {
            return "encrypt";
        }
        return c.get(PostscreenParams.POSTSCREEN_USE_TLS) ? "may" : "none";
    }

    private static PostscreenCheck.Action action(Config c, Param<String> param) {
        return PostscreenCheck.Action.valueOf(c.get(param).toUpperCase(Locale.ROOT));
    }

    private static Set<PostscreenCheck> enabled(Config c) {
        var enabled = EnumSet.of(PostscreenCheck.PREGREET);
        if (!c.get(PostscreenParams.POSTSCREEN_DNSBL_SITES).isEmpty()) {
            enabled.add(PostscreenCheck.DNSBL);
        }
        if (c.get(PostscreenParams.POSTSCREEN_PIPELINING_ENABLE)) {
            enabled.add(PostscreenCheck.PIPELINING);
        }
        if (c.get(PostscreenParams.POSTSCREEN_NON_SMTP_COMMAND_ENABLE)) {
            enabled.add(PostscreenCheck.NON_SMTP_COMMAND);
        }
        if (c.get(PostscreenParams.POSTSCREEN_BARE_NEWLINE_ENABLE)) {
            enabled.add(PostscreenCheck.BARE_NEWLINE);
        }
        return enabled;
    }

    private static Map<PostscreenCheck, PostscreenCheck.Action> actions(Config c) {
        var actions = new EnumMap<PostscreenCheck, PostscreenCheck.Action>(PostscreenCheck.class);
        for (PostscreenCheck test : PostscreenCheck.values()) {
            actions.put(
                    test,
                    action(
                            c,
                            switch (test) {
                                case PREGREET -> PostscreenParams.POSTSCREEN_GREET_ACTION;
                                case DNSBL -> PostscreenParams.POSTSCREEN_DNSBL_ACTION;
                                case PIPELINING -> PostscreenParams.POSTSCREEN_PIPELINING_ACTION;
                                case NON_SMTP_COMMAND ->
                                        PostscreenParams.POSTSCREEN_NON_SMTP_COMMAND_ACTION;
                                case BARE_NEWLINE ->
                                        PostscreenParams.POSTSCREEN_BARE_NEWLINE_ACTION;
                            }));
        }
        return actions;
    }

    private static Map<PostscreenCheck, Duration> lifetimes(Config c) {
        var lifetimes = new EnumMap<PostscreenCheck, Duration>(PostscreenCheck.class);
        for (PostscreenCheck test : PostscreenCheck.values()) {
            lifetimes.put(
                    test,
                    c.get(
                            switch (test) {
                                case PREGREET -> PostscreenParams.POSTSCREEN_GREET_TTL;
                                case DNSBL -> PostscreenParams.POSTSCREEN_DNSBL_MAX_TTL;
                                case PIPELINING -> PostscreenParams.POSTSCREEN_PIPELINING_TTL;
                                case NON_SMTP_COMMAND ->
                                        PostscreenParams.POSTSCREEN_NON_SMTP_COMMAND_TTL;
                                case BARE_NEWLINE -> PostscreenParams.POSTSCREEN_BARE_NEWLINE_TTL;
                            }));
        }
        return lifetimes;
    }

    PostscreenCheck.Action action(PostscreenCheck test) {
        return actions.getOrDefault(test, PostscreenCheck.Action.IGNORE);
    }

    Duration lifetime(PostscreenCheck test) {
        return lifetimes.getOrDefault(test, Duration.ZERO);
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.routing;

import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.message.Address;

/// Brings addresses to their standard form `user@fully.qualified.domain`.
public final class Rewriter {
    private final String origin;
    private final String domain;
    private final boolean appendOrigin;
    private final boolean appendDomain;
    private final boolean swapBangpath;
    private final boolean percentHack;

    public Rewriter(Config config) {
        this(config, config.get(MainParams.MYORIGIN), config.get(MainParams.MYDOMAIN));
    }

    /// A rewriter that completes addresses of others, by this domain instead of ours.
    public Rewriter(Config config, String domain) {
        this(config, domain, domain);
    }

    private Rewriter(Config config, String origin, String domain) {
        this.origin = origin;
        this.domain = domain;
        appendOrigin = config.get(MainParams.APPEND_AT_MYORIGIN);
        appendDomain = config.get(MainParams.APPEND_DOT_MYDOMAIN);
        swapBangpath = config.get(MainParams.SWAP_BANGPATH);
        percentHack = config.get(MainParams.ALLOW_PERCENT_HACK);
    }

    /// Rewrites an address in internal form: a source route is cut off, `site!user` and `user%site` become `user@site`, what has no domain gets `@$myorigin`, a domain without a dot `.$mydomain`, a dot at the end goes. The null address stays.
    ///
    /// Where a local part needs quotes, its `!` and `%` are letters like any other here; [Resolver] looks behind the quotes.
    public String rewrite(String address) {
        if (address.equals("@")) {
            return "";
        }
        String text = withoutRoute(address);
        if (text.isEmpty()) {
            return text;
        }
        return standardDomain(text.indexOf('@') < 0 ? withDomain(text) : text);
    }

    /// The dot at the end goes; a name without a dot gets `.$mydomain`.
    private String standardDomain(String text) {
        int at = text.lastIndexOf('@');
        String host = text.substring(at + 1);
        if (at < 0 || host.isEmpty() || host.startsWith("[")) {
            return text;
        }
        if (host.indexOf('.') < 0) {
            return appendDomain ? text + "." + domain : text;
        }
        return withoutLastDot(text);
    }

    /// The dot behind a domain goes, but not the second of two, nor one that is all of it.
    static String withoutLastDot(String text) {
        int last = text.length() - 1;
        boolean goes =
                last > 0
                        && text.charAt(last) == '.'
                        && text.charAt(last - 1) != '.'
                        && text.charAt(last - 1) != '@';
        return goes ? text.substring(0, last) : text;
    }

    /// `@a,@b:user@c` is `user@c`.
    private static String withoutRoute(String address) {
        int colon = address.startsWith("@") ? address.indexOf(':') : -1;
        return colon < 0 || colon == address.length() - 1 ? address : address.substring(colon + 1);
    }

    private String withDomain(String local) {
        String unrouted = new Address(local, "").isQuoted() ? local : unrouted(local);
        return unrouted.indexOf('@') < 0 && appendOrigin ? unrouted + "@" + origin : unrouted;
    }

    /// `site!user` and `user%site` as `user@site`, as far as the configuration knows these forms; other local parts as they are.
    String unrouted(String local) {
        int bang = swapBangpath ? local.indexOf('!') : -1;
        if (bang >= 0) {
            return local.substring(bang + 1) + "@" + local.substring(0, bang);
        }
        int percent = percentHack ? local.lastIndexOf('%') : -1;
        return percent < 0
                ? local
                : local.substring(0, percent) + "@" + local.substring(percent + 1);
    }

    /// Removes the route from the text between quotes, where an `@` counts first, then `%`.
    String unroutedQuoted(String local) {
        if (local.indexOf('@') >= 0) {
            return local;
        }
        int percent = percentHack ? local.lastIndexOf('%') : -1;
        return percent < 0
                ? unrouted(local)
                : local.substring(0, percent) + "@" + local.substring(percent + 1);
    }
}

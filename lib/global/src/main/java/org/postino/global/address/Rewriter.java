// SPDX-License-Identifier: Apache-2.0

package org.postino.global.address;

import org.postino.global.config.Config;
import org.postino.global.config.MainParams;

/// Brings addresses to their standard form `user@fully.qualified.domain`.
public final class Rewriter {
    private final String origin;
    private final String domain;
    private final boolean appendOrigin;
    private final boolean appendDomain;
    private final boolean swapBangpath;
    private final boolean percentHack;

    public Rewriter(Config config) {
        origin = config.get(MainParams.MYORIGIN);
        domain = config.get(MainParams.MYDOMAIN);
        appendOrigin = config.get(MainParams.APPEND_AT_MYORIGIN);
        appendDomain = config.get(MainParams.APPEND_DOT_MYDOMAIN);
        swapBangpath = config.get(MainParams.SWAP_BANGPATH);
        percentHack = config.get(MainParams.ALLOW_PERCENT_HACK);
    }

    /// Rewrites an address in internal form: a source route is cut off, `site!user` and `user%site` become `user@site`, what has no domain gets `@$myorigin`, a domain without a dot `.$mydomain`, a dot at the end goes. The null address stays.
    public String rewrite(String address) {
        if (address.isEmpty()) {
            return address;
        }
        String text = withoutRoute(address);
        int at = text.lastIndexOf('@');
        if (at < 0) {
            text = withoutDomain(text);
            at = text.lastIndexOf('@');
        }
        if (at < 0) {
            return text;
        }
        String host = text.substring(at + 1);
        if (host.isEmpty()) {
            return text.substring(0, at).isEmpty() ? "" : rewrite(text.substring(0, at));
        }
        if (host.endsWith(".") && host.length() > 1) {
            host = host.substring(0, host.length() - 1);
        }
        boolean literal = host.startsWith("[");
        if (appendDomain && !literal && host.indexOf('.') < 0) {
            host = host + "." + domain;
        }
        return text.substring(0, at + 1) + host;
    }

    /// `@a,@b:user@c` is `user@c`.
    private static String withoutRoute(String address) {
        if (!address.startsWith("@")) {
            return address;
        }
        int colon = address.indexOf(':');
        return colon < 0 ? address : address.substring(colon + 1);
    }

    private String withoutDomain(String local) {
        int bang = local.indexOf('!');
        if (swapBangpath && bang > 0 && bang < local.length() - 1) {
            return local.substring(bang + 1) + "@" + local.substring(0, bang);
        }
        int percent = local.lastIndexOf('%');
        if (percentHack && percent > 0 && percent < local.length() - 1) {
            return local.substring(0, percent) + "@" + local.substring(percent + 1);
        }
        return appendOrigin ? local + "@" + origin : local;
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.util.Cidr;

/// One line of a passwd-file.
///
/// @param name the user's name as the file has it, in lower case
/// @param password the stored password, `{SCHEME}text`; empty if the user can't log in
/// @param uid empty if the file names none
/// @param fields extra fields, `userdb_mail` and the like; a field without a value is empty
record PasswdEntry(
        String name,
        String password,
        String uid,
        String gid,
        String home,
        Map<String, String> fields) {

    /// Returns this account with another stored password.
    PasswdEntry withPassword(String stored) {
        return new PasswdEntry(name, stored, uid, gid, home, fields);
    }

    /// Returns the reason why this user may not log in from an address even with the right password; null if the user may.
    ///
    /// @param remoteAddress the client's address; empty if it is not known, as for a local client
    @Nullable String objection(String remoteAddress) {
        if (fields.containsKey("nologin")) {
            return fields.getOrDefault("reason", "login is disabled");
        }
        String allowed = fields.get("allow_nets");
        if (allowed == null || isWithin(allowed, remoteAddress)) {
            return null;
        }
        return "login from this address is not allowed";
    }

    private static boolean isWithin(String networks, String remoteAddress) {
        Optional<InetAddress> remote = Cidr.address(remoteAddress);
        for (String network : networks.split(",", -1)) {
            boolean local = network.equals("local") && remoteAddress.isEmpty();
            if (local
                    || (remote.isPresent()
                            && Cidr.parse(network)
                                    .filter(c -> c.contains(remote.get()))
                                    .isPresent())) {
                return true;
            }
        }
        return false;
    }

    /// Returns the extra field `userdb_FIELD` with `%u`, `%n`, `%d`, `%h` filled in; null if the account has none.
    @Nullable String userField(String field) {
        String text = fields.get("userdb_" + field);
        return text == null ? null : filled(text);
    }

    /// Returns the home directory, with variables filled in; empty if the file names none.
    String filledHome() {
        return filled(home);
    }

    private String filled(String template) {
        if (template.indexOf('%') < 0) {
            return template;
        }
        int at = name.indexOf('@');
        String local = at < 0 ? name : name.substring(0, at);
        String domain = at < 0 ? "" : name.substring(at + 1);
        var out = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c != '%' || i + 1 == template.length()) {
                out.append(c);
                continue;
            }
            char variable = template.charAt(++i);
            out.append(
                    switch (variable) {
                        case 'u' -> name;
                        case 'n' -> local;
                        case 'd' -> domain;
                        case 'h' -> home.indexOf('%') < 0 ? home : "";
                        default -> String.valueOf(variable);
                    });
        }
        return out.toString();
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.linux.SystemUser;
import org.postino.message.Address;
import org.postino.queue.Envelope;
import org.postino.queue.Recipient;

/// The names and values that a delivery gives to others: macros of parameters, and the environment of a command.
///
/// @param name the local part that is delivered to, with its extension
/// @param account whose delivery it is; null while that is not known
record DeliveryMacros(
        LocalSettings settings,
        LocalMessage message,
        Recipient recipient,
        String domain,
        String name,
        @Nullable Account account) {
    private static final Map<String, String> CLIENT =
            Map.of(
                    "CLIENT_ADDRESS", Envelope.CLIENT_ADDRESS,
                    "CLIENT_HELO", Envelope.HELO_NAME,
                    "CLIENT_HOSTNAME", Envelope.CLIENT_NAME,
                    "CLIENT_PROTOCOL", Envelope.PROTOCOL_NAME,
                    "SASL_METHOD", Envelope.SASL_METHOD,
                    "SASL_SENDER", Envelope.SASL_SENDER,
                    "SASL_USERNAME", Envelope.SASL_USERNAME);

    private String user() {
        return new Address(name, "").user(settings.delimiters());
    }

    private String extension() {
        return new Address(name, "").extension(settings.delimiters());
    }

    /// The values of `$user`, `$home` and the rest.
    Map<String, String> values() {
        var values = new HashMap<String, String>();
        values.put("user", user());
        values.put("local", name);
        values.put("extension", extension());
        values.put("domain", domain);
        values.put("recipient", recipient.address());
        boolean extended = !extension().isEmpty();
        values.put("recipient_delimiter", extended ? delimiter() : "");
        if (account != null) {
            values.put("home", account.home().toString());
            values.put(
                    "shell",
                    Optional.ofNullable(account.system()).map(SystemUser::shell).orElse(""));
        }
        return values;
    }

    /// The character that really stands between user and extension.
    private String delimiter() {
        return name.substring(user().length(), user().length() + 1);
    }

    /// The values of [#values()] for the name of a file: an extension is one part of a path, not several.
    Map<String, String> fileValues() {
        Map<String, String> values = values();
        values.replaceAll((key, value) -> key.equals("home") ? value : value.replace('/', '_'));
        return values;
    }

    /// The environment of a command. What strangers wrote has nothing in it that a shell would not take for a word.
    ///
    /// @param runner who runs it; null if that is nobody in particular
    Map<String, String> environment(@Nullable SystemUser runner) {
        var values = new LinkedHashMap<String, String>();
        values.put("USER", user());
        values.put("LOCAL", name);
        values.put("EXTENSION", extension());
        values.put("DOMAIN", domain);
        values.put("RECIPIENT", recipient.address());
        values.put("ORIGINAL_RECIPIENT", recipient.original());
        values.put("SENDER", message.sender());
        Map<String, String> attributes = message.request().attributes();
        CLIENT.forEach((variable, attribute) -> {
            String value = attributes.getOrDefault(attribute, "");
            if (!value.isEmpty()) {
                values.put(variable, value);
            }
        });
        values.replaceAll((_, value) -> Macros.filtered(value, settings.expansionFilter()));
        if (runner != null) {
            values.put("HOME", runner.home().toString());
            values.put("LOGNAME", runner.name());
            values.put("USER", runner.name());
            values.put("SHELL", runner.shell());
        }
        return values;
    }
}

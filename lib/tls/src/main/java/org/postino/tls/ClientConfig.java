// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.nio.file.Path;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.Param;

/// The values of `smtp_*` for smtp(8), or those of `lmtp_*` for lmtp(8), where each has the same meaning and type.
///
/// @param prefix what the names begin with: `smtp_`, `lmtp_`
public record ClientConfig(Config config, String prefix) {
    private static final String SMTP = "smtp_";

    /// The values for one of the two clients.
    ///
    /// @param lmtp whether it is lmtp(8) that wants to know
    public static ClientConfig of(Config config, boolean lmtp) {
        return new ClientConfig(config, lmtp ? "lmtp_" : SMTP);
    }

    /// The value of a parameter, which is named as for smtp(8).
    public <T> T get(Param<T> param) {
        return config.getAs(param, name(param));
    }

    /// True if main.cf or the row sets a parameter to something.
    public boolean isSet(Param<String> param) {
        return config.settings().containsKey(name(param)) && !get(param).isEmpty();
    }

    /// The name for this client; a parameter of both has one only. What is `HELO` and `EHLO` in SMTP is `LHLO` in LMTP (RFC 2033, 4.1).
    private String name(Param<?> param) {
        if (prefix.equals(SMTP) || !param.name().startsWith(SMTP)) {
            return param.name();
        }
        String rest = param.name().substring(SMTP.length());
        return prefix + rest.replace("ehlo_", "lhlo_").replace("helo_", "lhlo_");
    }

    /// Lists the files with our own keys and certificates.
    List<Path> identity() {
        return TlsServer.files(
                get(TlsParams.SMTP_TLS_CHAIN_FILES),
                List.of(
                        get(TlsParams.SMTP_TLS_CERT_FILE),
                        get(TlsParams.SMTP_TLS_KEY_FILE),
                        get(TlsParams.SMTP_TLS_ECCERT_FILE),
                        get(TlsParams.SMTP_TLS_ECKEY_FILE)));
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postino.config.ValueException;

/// Leaves out the cipher suites that a list excludes in OpenSSL's words: `aRSA`, `AES128`, `SHA1`, `kRSA+AES`, `ECDHE-RSA-AES128-SHA`.
///
/// Every suite that the JDK uses is of the grade high. As with OpenSSL, the suites of TLS 1.3 stay whatever is excluded, and a
/// word that fits no suite excludes none.
final class CipherChoice {
    private CipherChoice() {}

    /// @throws ValueException the JDK has nothing of this grade, or there is no such grade
    static void checkGrade(String grade) throws ValueException {
        switch (grade.toLowerCase(Locale.ROOT)) {
            case "export", "low", "medium", "high" -> {}
            case "null" -> throw new ValueException("ciphers of grade null are not supported");
            default -> throw new ValueException("unknown grade of ciphers \"" + grade + "\"");
        }
    }

    /// The suites that may be used.
    ///
    /// @param suites as the JDK names them
    /// @param exclude words, apart by blanks, commas or colons
    static String[] without(String[] suites, String exclude) {
        var left = new ArrayList<String>(List.of(suites));
        for (String word : exclude.split("[\\s,:]+", -1)) {
            if (!word.isEmpty()) {
                left.removeIf(suite -> isMeant(suite, word));
            }
        }
        return left.toArray(String[]::new);
    }

    private static boolean isMeant(String suite, String word) {
        int with = suite.indexOf("_WITH_");
        if (with < 0) {
            return suite.equalsIgnoreCase(word); // TLS 1.3
        }
        String exchange = suite.substring("TLS_".length(), with);
        String cipher = suite.substring(with + "_WITH_".length());
        if (suite.equalsIgnoreCase(word) || openssl(exchange, cipher).equalsIgnoreCase(word)) {
            return true;
        }
        for (String part : word.split("\\+", -1)) {
            if (!has(exchange, cipher, part.toUpperCase(Locale.ROOT))) {
                return false;
            }
        }
        return true;
    }

    private static boolean has(String exchange, String cipher, String word) {
        return switch (word) {
            case "ALL", "DEFAULT", "HIGH", "COMPLEMENTOFDEFAULT" -> true;
            case "RSA", "KRSA" -> exchange.equals("RSA");
            case "ARSA" -> exchange.endsWith("RSA");
            case "ECDHE", "KECDHE", "EECDH", "KEECDH", "ECDH" -> exchange.startsWith("ECDH");
            case "DHE", "KDHE", "EDH", "KEDH", "DH" -> exchange.startsWith("DH");
            case "ECDSA", "AECDSA" -> exchange.endsWith("ECDSA");
            case "DSS", "ADSS" -> exchange.endsWith("DSS");
            case "AES" -> cipher.startsWith("AES");
            case "AES128" -> cipher.startsWith("AES_128");
            case "AES256" -> cipher.startsWith("AES_256");
            case "AESGCM" -> cipher.contains("GCM");
            case "AESCCM" -> cipher.contains("CCM");
            case "CHACHA20" -> cipher.startsWith("CHACHA20");
            case "3DES" -> cipher.startsWith("3DES");
            case "DES" -> cipher.startsWith("DES");
            case "RC4" -> cipher.startsWith("RC4");
            case "MD5" -> cipher.endsWith("MD5");
            case "SHA", "SHA1" -> cipher.endsWith("_SHA");
            case "SHA256" -> cipher.endsWith("CBC_SHA256");
            case "SHA384" -> cipher.endsWith("CBC_SHA384");
            default -> false;
        };
    }

    /// `ECDHE-RSA-AES128-SHA256` for `TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256`.
    private static String openssl(String exchange, String cipher) {
        String name =
                cipher.replace("AES_", "AES")
                        .replace("_CBC", "")
                        .replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305");
        return (exchange.equals("RSA") ? name : exchange + "_" + name).replace('_', '-');
    }
}

// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.Locale;
import java.util.Set;

/// A cipher suite: its name in the Java machine, its name in OpenSSL, and the words of OpenSSL's cipher lists that fit it.
///
/// The suites of TLS 1.3 have one name everywhere and no parts: they fit no word but their name.
///
/// @param name `TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`
/// @param openssl `ECDHE-RSA-AES256-GCM-SHA384`
/// @param bits the length of the symmetric key
/// @param exchange `ECDHE_RSA`; empty for TLS 1.3
/// @param cipher `AES_256_GCM_SHA384`
record CipherSuite(String name, String openssl, int bits, String exchange, String cipher) {
    private static final String WITH = "_WITH_";

    /// Words of OpenSSL's lists that fit no suite of this Java machine, which has long taken these ciphers out or never had them.
    private static final Set<String> ELSEWHERE =
            Set.of(
                    "3DES",
                    "ADH",
                    "AECDH",
                    "AECDSA",
                    "ADSS",
                    "AGOST",
                    "ANULL",
                    "ARIA",
                    "ARIA128",
                    "ARIA256",
                    "ARIAGCM",
                    "APSK",
                    "ASRP",
                    "CAMELLIA",
                    "CAMELLIA128",
                    "CAMELLIA256",
                    "CBC3-SHA",
                    "DES",
                    "DHEPSK",
                    "ECDHEPSK",
                    "ENULL",
                    "EXP",
                    "EXP40",
                    "EXP56",
                    "EXPORT",
                    "EXPORT40",
                    "EXPORT56",
                    "FZA",
                    "GOST",
                    "GOST89MAC",
                    "GOST94",
                    "IDEA",
                    "KDHD",
                    "KDHR",
                    "KDHEPSK",
                    "KECDH",
                    "KECDHE",
                    "KECDHEPSK",
                    "KECDHR",
                    "KGOST",
                    "KPSK",
                    "KRB5",
                    "KRSA",
                    "KRSAPSK",
                    "KSRP",
                    "LOW",
                    "MD5",
                    "MEDIUM",
                    "NULL",
                    "PSK",
                    "RC2",
                    "RC4",
                    "RSAPSK",
                    "SEED",
                    "SRP",
                    "SSLV2",
                    "SUITEB128",
                    "SUITEB128ONLY",
                    "SUITEB192");

    /// Parts of which OpenSSL's names of suites are made; a name of these is one, though not of a suite that we have.
    private static final Set<String> PARTS =
            Set.of(
                    "3DES",
                    "ADH",
                    "AECDH",
                    "AES",
                    "AES128",
                    "AES256",
                    "ARIA128",
                    "ARIA256",
                    "CAMELLIA128",
                    "CAMELLIA256",
                    "CBC",
                    "CBC3",
                    "CCM",
                    "CCM8",
                    "CHACHA20",
                    "DES",
                    "DH",
                    "DHE",
                    "DSS",
                    "ECDH",
                    "ECDHE",
                    "ECDSA",
                    "EDH",
                    "EXP",
                    "EXP1024",
                    "GCM",
                    "IDEA",
                    "KRB5",
                    "MD5",
                    "NULL",
                    "POLY1305",
                    "PSK",
                    "RC2",
                    "RC4",
                    "RSA",
                    "SEED",
                    "SHA",
                    "SHA256",
                    "SHA384",
                    "SRP",
                    "40",
                    "56",
                    "64");

    /// @param name as the Java machine has it
    static CipherSuite of(String name) {
        int with = name.indexOf(WITH);
        String exchange = with < 0 ? "" : name.substring("TLS_".length(), with);
        String cipher = name.substring(with < 0 ? "TLS_".length() : with + WITH.length());
        String openssl = with < 0 ? name : openssl(exchange, cipher);
        return new CipherSuite(name, openssl, bits(cipher), exchange, cipher);
    }

    /// `ECDHE-RSA-AES128-SHA256` for `TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256`.
    private static String openssl(String exchange, String cipher) {
        String name =
                cipher.replace("3DES_EDE_CBC", "DES_CBC3")
                        .replace("RC4_128", "RC4")
                        .replace("AES_128", "AES128")
                        .replace("AES_256", "AES256")
                        .replaceFirst("(AES[0-9]+)_CBC", "$1")
                        .replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305");
        String before = exchange.replace("ECDH_anon", "AECDH").replace("DH_anon", "ADH");
        return (exchange.equals("RSA") ? name : before + "_" + name).replace('_', '-');
    }

    private static int bits(String cipher) {
        if (cipher.startsWith("AES_256") || cipher.startsWith("CHACHA20")) {
            return 256;
        }
        return cipher.startsWith("3DES") ? 168 : cipher.startsWith("NULL") ? 0 : 128;
    }

    /// True for the suites that no list leaves out, as with OpenSSL.
    boolean isTls13() {
        return exchange.isEmpty();
    }

    /// True if a word of a list means this suite: a name, or words that all fit, with `+` between them.
    boolean isMeant(String word) {
        if (name.equalsIgnoreCase(word) || openssl.equalsIgnoreCase(word)) {
            return true;
        }
        if (isTls13()) {
            return false;
        }
        for (String part : word.split("\\+", -1)) {
            if (!fits(part.toUpperCase(Locale.ROOT))) {
                return false;
            }
        }
        return true;
    }

    private boolean fits(String word) {
        return switch (word) {
            // Every suite that the Java machine has is of the grade high.
            case "ALL", "DEFAULT", "HIGH", "COMPLEMENTOFDEFAULT", "COMPLEMENTOFALL", "FIPS" ->
                    word.charAt(0) != 'C';
            case "RSA", "KRSA" -> exchange.equals("RSA");
            case "ARSA" -> exchange.endsWith("RSA");
            case "ECDHE", "KECDHE", "EECDH", "KEECDH", "ECDH" -> exchange.startsWith("ECDHE");
            case "DHE", "KDHE", "EDH", "KEDH", "DH" -> exchange.startsWith("DHE");
            case "ECDSA", "AECDSA" -> exchange.endsWith("ECDSA");
            case "DSS", "ADSS" -> exchange.endsWith("DSS");
            case "AES" -> cipher.startsWith("AES");
            case "AES128" -> cipher.startsWith("AES_128");
            case "AES256" -> cipher.startsWith("AES_256");
            case "AESGCM" -> cipher.contains("GCM");
            case "AESCCM", "AESCCM8" -> cipher.contains("CCM");
            case "CHACHA20" -> cipher.startsWith("CHACHA20");
            case "SHA", "SHA1" -> cipher.endsWith("_SHA");
            case "SHA256" -> cipher.endsWith("CBC_SHA256");
            case "SHA384" -> cipher.endsWith("CBC_SHA384");
            case "TLSV1.2" -> !cipher.endsWith("_SHA");
            case "TLSV1", "TLSV1.0", "SSLV3" -> cipher.endsWith("_SHA");
            default -> false;
        };
    }

    /// True if OpenSSL knows a word, or did once; a list with another was most likely mistyped.
    static boolean isWord(String word) {
        for (String part : word.toUpperCase(Locale.ROOT).split("\\+", -1)) {
            if (!isKnown(part)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isKnown(String part) {
        if (ELSEWHERE.contains(part) || part.startsWith("TLS_") || COMMON.contains(part)) {
            return true;
        }
        for (String piece : part.split("-", -1)) {
            if (!PARTS.contains(piece)) {
                return false;
            }
        }
        return part.indexOf('-') > 0;
    }

    /// Words that [#fits] reads.
    private static final Set<String> COMMON =
            Set.of(
                    "ALL",
                    "DEFAULT",
                    "HIGH",
                    "COMPLEMENTOFDEFAULT",
                    "COMPLEMENTOFALL",
                    "FIPS",
                    "RSA",
                    "ARSA",
                    "ECDHE",
                    "EECDH",
                    "KEECDH",
                    "ECDH",
                    "DHE",
                    "KDHE",
                    "EDH",
                    "KEDH",
                    "DH",
                    "ECDSA",
                    "DSS",
                    "AES",
                    "AES128",
                    "AES256",
                    "AESGCM",
                    "AESCCM",
                    "AESCCM8",
                    "CHACHA20",
                    "SHA",
                    "SHA1",
                    "SHA256",
                    "SHA384",
                    "TLSV1.2",
                    "TLSV1",
                    "TLSV1.0",
                    "SSLV3");
}

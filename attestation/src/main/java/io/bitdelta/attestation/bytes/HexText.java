package io.bitdelta.attestation.bytes;

import java.util.HexFormat;

/** Reads the one hex spelling of the formats: {@code 0x} and lowercase digits. */
public final class HexText {
    private HexText() {}

    /**
     * Parses exactly {@code length} bytes.
     *
     * @throws IllegalArgumentException naming the expected and the found length or the offending text
     */
    public static byte[] parse(String text, int length) {
        if (text.length() != 2 + 2 * length) {
            throw new IllegalArgumentException("hex of " + length + " bytes expected (0x and " + 2 * length
                    + " digits), got " + text.length() + " characters");
        }
        return parse(text);
    }

    /**
     * Parses any number of bytes.
     *
     * @throws IllegalArgumentException when the text is not {@code 0x} and an even number of lowercase hex digits
     */
    public static byte[] parse(String text) {
        if (!text.startsWith("0x")) {
            throw new IllegalArgumentException("hex must begin with 0x");
        }
        for (int i = 2; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                throw new IllegalArgumentException(
                        "not a lowercase hex digit at position " + i + " of " + quoted(text));
            }
        }
        if (text.length() % 2 != 0) {
            throw new IllegalArgumentException("odd number of hex digits in " + quoted(text));
        }
        return HexFormat.of().parseHex(text, 2, text.length());
    }

    /** {@code 0x} and lowercase digits. */
    public static String of(byte[] bytes) {
        return "0x" + HexFormat.of().formatHex(bytes);
    }

    private static String quoted(String text) {
        return "\"" + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + "\"";
    }
}

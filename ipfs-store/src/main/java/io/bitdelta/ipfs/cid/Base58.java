package io.bitdelta.ipfs.cid;

import java.util.Arrays;

/** The Bitcoin base58 alphabet; leading zero bytes are leading {@code 1}s. Quadratic, so callers bound the length. */
final class Base58 {
    private static final char[] ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".toCharArray();
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < ALPHABET.length; i++) {
            VALUES[ALPHABET[i]] = (byte) i;
        }
    }

    private Base58() {}

    static String encode(byte[] data) {
        int zeros = 0;
        while (zeros < data.length && data[zeros] == 0) {
            zeros++;
        }
        byte[] digits = new byte[data.length * 138 / 100 + 1];
        int used = 0;
        for (int i = zeros; i < data.length; i++) {
            int carry = data[i] & 0xff;
            int at = 0;
            for (; at < used || carry != 0; at++) {
                carry += 256 * digits[at];
                digits[at] = (byte) (carry % 58);
                carry /= 58;
            }
            used = at;
        }
        StringBuilder text = new StringBuilder(zeros + used);
        text.repeat('1', zeros);
        for (int i = used - 1; i >= 0; i--) {
            text.append(ALPHABET[digits[i]]);
        }
        return text.toString();
    }

    static byte[] decode(CharSequence text) {
        int zeros = 0;
        while (zeros < text.length() && text.charAt(zeros) == '1') {
            zeros++;
        }
        byte[] digits = new byte[text.length()];
        int used = 0;
        for (int i = zeros; i < text.length(); i++) {
            char c = text.charAt(i);
            int carry = c < 128 ? VALUES[c] : -1;
            if (carry < 0) {
                throw new InvalidCidException("character " + (i + 1) + " is not base58");
            }
            int at = 0;
            for (; at < used || carry != 0; at++) {
                carry += 58 * (digits[at] & 0xff);
                digits[at] = (byte) carry;
                carry >>>= 8;
            }
            used = at;
        }
        byte[] data = new byte[zeros + used];
        for (int i = 0; i < used; i++) {
            data[data.length - 1 - i] = digits[i];
        }
        return data;
    }
}

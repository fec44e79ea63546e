package io.bitdelta.ipfs.cid;

import java.util.Arrays;

/** RFC 4648 base32, lower case, without padding characters; strict about the unused bits of the last character. */
final class Base32 {
    private static final char[] ALPHABET = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < ALPHABET.length; i++) {
            VALUES[ALPHABET[i]] = (byte) i;
        }
    }

    private Base32() {}

    static String encode(byte[] data) {
        StringBuilder text = new StringBuilder((data.length * 8 + 4) / 5);
        int bits = 0;
        int held = 0;
        for (byte b : data) {
            held = held << 8 | (b & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(ALPHABET[held >>> bits & 31]);
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(ALPHABET[held << (5 - bits) & 31]);
        }
        return text.toString();
    }

    static byte[] decode(CharSequence text) {
        byte[] data = new byte[text.length() * 5 / 8];
        int bits = 0;
        int held = 0;
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int value = c < 128 ? VALUES[c] : -1;
            if (value < 0) {
                throw new InvalidCidException("character " + (i + 1) + " is not base32");
            }
            held = held << 5 | value;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                data[at++] = (byte) (held >>> bits);
                held &= (1 << bits) - 1;
            }
        }
        if (bits >= 5 || held != 0) {
            throw new InvalidCidException("base32 with leftover bits");
        }
        return data;
    }
}

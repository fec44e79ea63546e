package io.bitdelta.ipfs.pin;

import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.cid.Codec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * A pin as text: a version line, four fields, and the SHA-256 of all lines before. The name stands in hex, so any text is
 * one line.
 */
final class PinFile {
    private static final String VERSION = "bitdelta-pin 1";
    private static final int LINES = 6;

    private PinFile() {}

    /** One file per identifier and name. */
    static String fileName(Cid cid, String name) {
        return cid.toV1() + "." + sha256(name).substring(0, 16);
    }

    static String encode(Pin pin) {
        String body = VERSION + "\ncid " + pin.cid() + "\nkind " + pin.kind() + "\nvisibility " + pin.visibility()
                + "\nname " + HexFormat.of().formatHex(pin.name().getBytes(StandardCharsets.UTF_8)) + "\n";
        return body + "sha256 " + sha256(body) + "\n";
    }

    static Pin decode(Path file, String text) throws DamagedPinException {
        List<String> lines = text.lines().toList();
        int sum = text.lastIndexOf("sha256 ");
        if (lines.size() != LINES || sum < 0 || !lines.getFirst().equals(VERSION)) {
            throw new DamagedPinException(file, "not '" + VERSION + "' with " + LINES + " lines");
        }
        String expected = text.substring(sum + 7).strip();
        String computed = sha256(text.substring(0, sum));
        if (!expected.equals(computed)) {
            throw new DamagedPinException(file, "its lines hash to " + computed + ", it says " + expected);
        }
        try {
            return new Pin(
                    Cid.parse(value(lines.get(1), "cid")),
                    Pin.Kind.valueOf(value(lines.get(2), "kind")),
                    new String(HexFormat.of().parseHex(value(lines.get(4), "name")), StandardCharsets.UTF_8),
                    Visibility.valueOf(value(lines.get(3), "visibility")));
        } catch (IllegalArgumentException e) {
            throw new DamagedPinException(file, String.valueOf(e.getMessage()));
        }
    }

    private static String value(String line, String key) {
        if (!line.startsWith(key + " ")) {
            throw new IllegalArgumentException("no line '" + key + "'");
        }
        return line.substring(key.length() + 1);
    }

    private static String sha256(String text) {
        return HexFormat.of()
                .formatHex(
                        Cid.of(Codec.RAW, text.getBytes(StandardCharsets.UTF_8)).digest());
    }
}

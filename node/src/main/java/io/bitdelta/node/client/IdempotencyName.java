package io.bitdelta.node.client;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** People's names for what is to happen once, as the header takes them: visible ASCII of bounded length. */
final class IdempotencyName {
    private static final int LONGEST = 128;

    private IdempotencyName() {}

    /** The name itself where the header takes it, else its hash: different names stay different. */
    static String of(String name) {
        if (name.length() <= LONGEST && name.matches("[!-~]+")) {
            return name;
        }
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(
                                    MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}

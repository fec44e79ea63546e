package io.bitdelta.attestation.sign;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.fuzz.JudgedSample;
import io.bitdelta.attestation.fuzz.Refusals;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;

class KeystoreFuzzTest {
    private static final char[] PASSWORD = "fuzz".toCharArray();
    private static final byte[] SECRET = BigInteger.ONE.shiftLeft(250).toByteArray();
    private static final int COST_LIMIT = 1 << 12;

    /**
     * A file that the password opens and that names its account holds the one key that was ever stored with it. The
     * format's MAC does not cover the counter: without a name a changed counter is another key.
     */
    @FuzzTest(maxDuration = "10m")
    void keystore(byte[] bytes) {
        Refusals.reads(() -> KeystoreCipher.claimedAddress(bytes, "file"), KeystoreException.class);
        if (dear(bytes)) {
            return;
        }
        Refusals.reads(
                () -> {
                    Secp256k1Key key = KeystoreCipher.decrypt(bytes, PASSWORD, "file");
                    Refusals.require(
                            Arrays.equals(key.privateBytes(), SECRET) || !namesItsAccount(bytes),
                            "a file opens to a key that nobody stored");
                },
                KeystoreException.class);
    }

    private static boolean namesItsAccount(byte[] file) {
        return JsonObject.of("keystore", CanonicalJson.readAny(file, 1 << 16)).has("address");
    }

    /** Whether the file asks for more work than a fuzzer has; the limits themselves are tested elsewhere. */
    private static boolean dear(byte[] bytes) {
        try {
            JsonObject root = JsonObject.of("keystore", CanonicalJson.readAny(bytes, 1 << 16));
            JsonObject params =
                    (root.has("crypto") ? root.object("crypto") : root.object("Crypto")).object("kdfparams");
            long work = 1;
            for (String name : new String[] {"n", "r", "p", "c"}) {
                work *= params.has(name) ? params.whole(name, 0, Integer.MAX_VALUE) % (COST_LIMIT + 1L) : 1;
                if (params.has(name) && params.whole(name, 0, Integer.MAX_VALUE) > COST_LIMIT) {
                    return true;
                }
            }
            return work > COST_LIMIT;
        } catch (JsonException malformed) {
            return false;
        }
    }

    /** Writes seeds anew: the argument is the folder of the test resources. */
    public static void main(String[] arguments) throws IOException {
        JudgedSample.seed(
                Path.of(arguments[0], "io/bitdelta/attestation/sign/KeystoreFuzzTestInputs/keystore"),
                "scrypt",
                KeystoreCipher.encrypt(Secp256k1Key.fromPrivate(SECRET), PASSWORD, 2, new SecureRandom()));
    }
}

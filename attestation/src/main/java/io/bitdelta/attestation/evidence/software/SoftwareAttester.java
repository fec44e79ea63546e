package io.bitdelta.attestation.evidence.software;

import io.bitdelta.attestation.binding.Statement;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.sign.SecretFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/**
 * Issues development evidence with a key that lies in the data folder. It shows the way that evidence takes and proves
 * nothing: the measurement is what the code claims about itself.
 */
public final class SoftwareAttester {
    /** The key's file in a data folder. */
    public static final String KEY_FILE = "development-attester.key";

    private final Ed25519PrivateKeyParameters key;

    private SoftwareAttester(Ed25519PrivateKeyParameters key) {
        this.key = key;
    }

    /**
     * Opens the attester of a data folder; its key is made on first use.
     *
     * @throws FileSystemException when the key file has another length
     */
    public static SoftwareAttester open(Path folder, SecureRandom random) throws IOException {
        Path file = folder.resolve(KEY_FILE);
        if (!Files.exists(file)) {
            SecretFile.write(file, new Ed25519PrivateKeyParameters(random).getEncoded());
        }
        byte[] secret = SecretFile.read(file);
        if (secret.length != Ed25519PrivateKeyParameters.KEY_SIZE) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "a development key of " + secret.length + " bytes instead of "
                            + Ed25519PrivateKeyParameters.KEY_SIZE + "; delete it to get a fresh one");
        }
        return new SoftwareAttester(new Ed25519PrivateKeyParameters(secret));
    }

    /** The public key: the anchor of this folder's evidence. */
    public Bytes32 publicKey() {
        return Bytes32.of(key.generatePublicKey().getEncoded());
    }

    /**
     * Issues evidence.
     *
     * @param reportData 64 bytes, usually {@link Statement#reportData}
     * @param measurement a hash of the running code, as claimed
     */
    public byte[] attest(byte[] reportData, Bytes32 measurement) {
        if (reportData.length != Statement.REPORT_DATA_LENGTH) {
            throw new IllegalArgumentException("report data has " + reportData.length + " bytes, not 64");
        }
        return SoftwareEvidence.sign(reportData, measurement, key).bytes();
    }
}

package io.bitdelta.attestation.evidence.nitro;

import io.bitdelta.attestation.attester.Attester;
import io.bitdelta.attestation.attester.AttesterException;
import io.bitdelta.attestation.binding.Statement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Obtains documents from the Nitro security module inside an enclave. Report data becomes {@code user_data}; the
 * challenge, if there is one, {@code nonce}. Tested against recorded messages; not exercised in an enclave here.
 */
public final class NsmAttester implements Attester {
    /** Where the enclave's kernel has the device. */
    public static final Path DEFAULT_DEVICE = Path.of("/dev/nsm");

    private static final int MAX_NONCE = 512;

    private final NsmChannel channel;
    private final Optional<byte[]> nonce;

    /**
     * An attester over a device.
     *
     * @param nonce the verifier's challenge, at most 512 bytes
     */
    public NsmAttester(Path device, Optional<byte[]> nonce) {
        this(new NsmDevice(device), nonce);
    }

    NsmAttester(NsmChannel channel, Optional<byte[]> nonce) {
        if (nonce.isPresent() && nonce.get().length > MAX_NONCE) {
            throw new IllegalArgumentException("a nonce of " + nonce.get().length + " bytes, more than " + MAX_NONCE);
        }
        this.channel = channel;
        this.nonce = nonce.map(byte[]::clone);
    }

    @Override
    public Issued attest(byte[] reportData) throws IOException {
        if (reportData.length != Statement.REPORT_DATA_LENGTH) {
            throw new IllegalArgumentException("report data has " + reportData.length + " bytes, not 64");
        }
        return new Issued(document(channel.exchange(request(reportData))), new byte[0]);
    }

    /** {@code {"Attestation": {"user_data": …, "nonce": …, "public_key": null}}} */
    private byte[] request(byte[] reportData) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0xa1);
        text(out, "Attestation");
        out.write(0xa3);
        text(out, "user_data");
        blob(out, Optional.of(reportData));
        text(out, "nonce");
        blob(out, nonce);
        text(out, "public_key");
        blob(out, Optional.empty());
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String value) {
        out.write(0x60 | value.length());
        out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private static void blob(ByteArrayOutputStream out, Optional<byte[]> value) {
        if (value.isEmpty()) {
            out.write(0xf6);
            return;
        }
        out.write(0x59);
        out.write(value.get().length >> 8);
        out.write(value.get().length);
        out.writeBytes(value.get());
    }

    private static byte[] document(byte[] response) throws AttesterException {
        try {
            if (Cbor.read(ByteBuffer.wrap(response)) instanceof Cbor.Pairs outer) {
                Map<String, Cbor.Item> members = outer.pairs();
                if (members.get("Error") instanceof Cbor.Text error) {
                    throw new AttesterException("the security module refuses: " + error.value());
                }
                if (members.get("Attestation") instanceof Cbor.Pairs inner
                        && inner.pairs().get("document") instanceof Cbor.Blob document
                        && document.value().length > 0) {
                    return document.value();
                }
            }
        } catch (Cbor.CborException e) {
            throw new AttesterException("the security module's answer is no CBOR: " + e.getMessage());
        }
        throw new AttesterException("the security module's answer carries no document");
    }
}

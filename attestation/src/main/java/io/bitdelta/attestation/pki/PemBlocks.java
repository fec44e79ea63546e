package io.bitdelta.attestation.pki;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** The contents of a PEM text's blocks of one type. */
final class PemBlocks {
    private PemBlocks() {}

    static List<byte[]> of(String text, String type) {
        List<byte[]> out = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            for (PemObject object = reader.readPemObject(); object != null; object = reader.readPemObject()) {
                if (object.getType().equals(type)) {
                    out.add(object.getContent());
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new PkiException("unreadable PEM: " + e.getMessage(), e);
        }
        return out;
    }
}

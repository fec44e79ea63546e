package io.bitdelta.attestation.pki;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Endorsement documents sorted by kind: PEM and DER certificates, revocation lists, OCSP responses; texts (JSON, XML)
 * stay for the technologies. What nothing here can read is kept in {@link #unreadable}, never dropped silently.
 */
public final class Documents {
    private final List<Cert> certs = new ArrayList<>();
    private final List<Crl> crls = new ArrayList<>();
    private final List<Ocsp> ocsps = new ArrayList<>();
    private final List<byte[]> texts = new ArrayList<>();
    private final List<String> unreadable = new ArrayList<>();

    private Documents() {}

    /** Sorts raw documents. */
    public static Documents of(List<byte[]> raw) {
        Documents out = new Documents();
        for (int i = 0; i < raw.size(); i++) {
            out.add(raw.get(i), i);
        }
        return out;
    }

    private void add(byte[] document, int index) {
        try {
            if (document.length == 0) {
                throw new PkiException("empty");
            }
            int first = document[0];
            if (first == 0x30) {
                der(document);
            } else if (text(document).stripLeading().startsWith("{")
                    || text(document).stripLeading().startsWith("<")) {
                // Before PEM: collateral in JSON carries PEM inside.
                texts.add(document);
            } else if (text(document).contains("-----BEGIN ")) {
                pem(text(document));
            } else {
                throw new PkiException("neither PEM, DER, JSON nor XML");
            }
        } catch (PkiException e) {
            unreadable.add("document " + index + ": " + e.getMessage());
        }
    }

    private void pem(String text) {
        certs.addAll(Cert.parsePem(text));
        for (byte[] der : PemBlocks.of(text, "X509 CRL")) {
            crls.add(Crl.parse(der));
        }
    }

    private void der(byte[] document) {
        try {
            certs.add(Cert.parse(document));
            return;
        } catch (PkiException notACertificate) {
            // The three kinds all begin with a sequence: only parsing tells.
        }
        try {
            crls.add(Crl.parse(document));
            return;
        } catch (PkiException notAList) {
            // As above.
        }
        ocsps.add(Ocsp.parse(document));
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.UTF_8);
    }

    /** Certificates. */
    public List<Cert> certs() {
        return List.copyOf(certs);
    }

    /** Revocation lists. */
    public List<Crl> crls() {
        return List.copyOf(crls);
    }

    /** OCSP responses. */
    public List<Ocsp> ocsps() {
        return List.copyOf(ocsps);
    }

    /** JSON and XML documents. */
    public List<byte[]> texts() {
        return List.copyOf(texts);
    }

    /** What could not be read, with the complaint. */
    public List<String> unreadable() {
        return List.copyOf(unreadable);
    }
}

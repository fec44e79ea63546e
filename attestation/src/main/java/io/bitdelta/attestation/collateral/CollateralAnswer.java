package io.bitdelta.attestation.collateral;

import io.bitdelta.attestation.appraisal.CollateralRequest;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.Crl;
import io.bitdelta.attestation.pki.Ocsp;
import io.bitdelta.attestation.pki.PkiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One answer of a service: read far enough to know what it is and how long it is good for. Immutable. */
final class CollateralAnswer {
    /** The most bytes of one answer: larger than any vendor's revocation list. */
    static final int MAX_BYTES = 4 << 20;

    private static final int MAX_CHAIN = 64 << 10;
    private static final Pattern SIGNER = Pattern.compile("<(?:[A-Za-z0-9]+:)?X509Certificate>([^<]*)</");

    private final byte[] body;
    private final String chain;
    private final String etag;
    private final Instant fetched;
    private final Instant end;

    private CollateralAnswer(byte[] body, String chain, String etag, Instant fetched, Instant end) {
        this.body = body;
        this.chain = chain;
        this.etag = etag;
        this.fetched = fetched;
        this.end = end;
    }

    /**
     * Reads an answer.
     *
     * @param header the header with the chain, percent-encoded; empty when there is none
     * @param etag the entity tag; empty when there is none
     * @throws PkiException when it is not of the kind that was asked for
     */
    static CollateralAnswer of(CollateralRequest request, byte[] body, String header, String etag, Instant fetched) {
        if (header.length() > MAX_CHAIN) {
            throw new PkiException("a certificate chain of " + header.length() + " characters is too long");
        }
        String pem;
        try {
            // Percent-encoding only: a plus sign is a character of PEM.
            pem = URLDecoder.decode(header.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new PkiException("the certificate chain of the header is not percent-encoded: " + e.getMessage(), e);
        }
        if (request.chainHeader().isPresent() && Cert.parsePem(pem).isEmpty()) {
            throw new PkiException("the header " + request.chainHeader().get() + " carries no certificate chain");
        }
        byte[] document =
                switch (request.kind()) {
                    case REVOCATION_LIST -> unhexed(body);
                    case MANIFEST -> manifest(body);
                    case SIGNED_JSON, CERTIFICATES, REVOCATION_STATUS -> body.clone();
                };
        return new CollateralAnswer(document, pem, etag, fetched, end(request.kind(), document));
    }

    private static byte[] unhexed(byte[] body) {
        if (body.length > 0 && body[0] == 0x30 && body.length > 1 && body[1] < 0) {
            return body.clone();
        }
        try {
            return HexFormat.of().parseHex(new String(body, StandardCharsets.ISO_8859_1).strip());
        } catch (IllegalArgumentException e) {
            throw new PkiException("neither a revocation list in DER nor in hex", e);
        }
    }

    private static Instant end(CollateralRequest.Kind kind, byte[] document) {
        return switch (kind) {
            case SIGNED_JSON -> nextUpdate(document);
            case REVOCATION_LIST ->
                Crl.parse(document)
                        .nextUpdate()
                        .orElseThrow(() -> new PkiException("the revocation list has no next update"));
            case CERTIFICATES -> certificates(document);
            case MANIFEST -> signers(document);
            case REVOCATION_STATUS ->
                Ocsp.parse(document)
                        .nextUpdate()
                        .orElseThrow(() -> new PkiException("the OCSP response has no next update"));
        };
    }

    private static byte[] manifest(byte[] body) {
        try {
            return JsonObject.of("answer", CanonicalJson.readAny(body, MAX_BYTES))
                    .base64("rim");
        } catch (JsonException e) {
            throw new PkiException("no manifest: " + e.getMessage(), e);
        }
    }

    /** The first end among the certificates in a manifest's signature; the verifier reads the manifest itself. */
    private static Instant signers(byte[] manifest) {
        Matcher matcher = SIGNER.matcher(new String(manifest, StandardCharsets.UTF_8));
        List<Instant> ends = new ArrayList<>();
        while (matcher.find()) {
            try {
                // Line ends may be written as character references, whose digits would count as base64.
                String base64 = matcher.group(1).replaceAll("&#[0-9xa-fA-F]+;", "");
                ends.add(Cert.parse(Base64.getMimeDecoder().decode(base64)).notAfter());
            } catch (IllegalArgumentException e) {
                throw new PkiException("a certificate of the manifest is no base64", e);
            }
        }
        return ends.stream()
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new PkiException("the manifest carries no certificate"));
    }

    private static Instant nextUpdate(byte[] document) {
        try {
            JsonObject root = JsonObject.of("answer", CanonicalJson.readAny(document, MAX_BYTES));
            String name = root.keys().stream()
                    .filter(key -> !key.equals("signature"))
                    .findFirst()
                    .orElseThrow(() -> new JsonException("answer: nothing but a signature"));
            return Instant.parse(root.object(name).text("nextUpdate"));
        } catch (JsonException | DateTimeException e) {
            throw new PkiException("not signed collateral: " + e.getMessage(), e);
        }
    }

    private static Instant certificates(byte[] document) {
        boolean der = document.length > 0 && document[0] == 0x30;
        List<Cert> certs = der ? List.of(Cert.parse(document)) : Cert.parsePem(document);
        return certs.stream()
                .map(Cert::notAfter)
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new PkiException("no certificate in the answer"));
    }

    /** The same, asked for again at another time and found unchanged. */
    CollateralAnswer confirmed(Instant at) {
        return new CollateralAnswer(body, chain, etag, at, end);
    }

    /** The endorsement documents in it. */
    List<byte[]> documents() {
        List<byte[]> out = new ArrayList<>();
        out.add(body.clone());
        if (!chain.isEmpty()) {
            out.add(chain.getBytes(StandardCharsets.UTF_8));
        }
        return out;
    }

    Optional<String> etag() {
        return etag.isEmpty() ? Optional.empty() : Optional.of(etag);
    }

    Instant fetched() {
        return fetched;
    }

    /** When its validity ends. */
    Instant end() {
        return end;
    }

    /** The form on disk; {@link #read} judges the content anew. */
    byte[] bytes(CollateralRequest request) {
        JsonValue value = new ObjectBuilder()
                .base64("body", body)
                .put("chain", chain)
                .put("etag", etag)
                .put("fetched", fetched.toString())
                .put("path", request.path())
                .build();
        return CanonicalJson.write(value);
    }

    /**
     * Reads {@link #bytes}.
     *
     * @throws PkiException when it is damaged or the answer to another request
     */
    static CollateralAnswer read(CollateralRequest request, byte[] bytes) {
        try {
            JsonObject root = JsonObject.of("kept answer", CanonicalJson.read(bytes, 2 * MAX_BYTES));
            if (!root.text("path").equals(request.path())) {
                throw new PkiException("the kept answer is of " + root.text("path") + ", not of " + request.path());
            }
            byte[] body = root.base64("body");
            return new CollateralAnswer(
                    body,
                    root.text("chain"),
                    root.text("etag"),
                    Instant.parse(root.text("fetched")),
                    end(request.kind(), body));
        } catch (JsonException | DateTimeException e) {
            throw new PkiException("damaged: " + e.getMessage(), e);
        }
    }
}

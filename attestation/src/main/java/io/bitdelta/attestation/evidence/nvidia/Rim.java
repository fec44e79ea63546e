package io.bitdelta.attestation.evidence.nvidia;

import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.pki.Cert;
import io.bitdelta.attestation.pki.Chain;
import io.bitdelta.attestation.pki.ChainReasons;
import io.bitdelta.attestation.pki.Ocsp;
import io.bitdelta.attestation.pki.PkiException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A reference integrity manifest: signed reference values for one version of driver or VBIOS. Immutable. */
final class Rim {
    private static final int MAX_BYTES = 1 << 20;
    private static final String SWID = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";
    private static final String SHA384 = "http://www.w3.org/2001/04/xmlenc#sha384";
    private static final String ECDSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";
    private static final String C14N11 = "http://www.w3.org/2006/12/xml-c14n11";
    private static final String DIGEST_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384";
    private static final int MAX_ALTERNATIVES = 64;

    private final String product;
    private final String version;
    private final List<Cert> certs;
    private final boolean signatureHolds;
    private final SortedMap<Integer, List<String>> active;

    /** What is no reference integrity manifest. */
    static final class RimException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RimException(String message) {
            super(message);
        }

        RimException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private Rim(Document document) {
        Element root = document.getDocumentElement();
        if (!"SoftwareIdentity".equals(root.getLocalName()) || !SWID.equals(root.getNamespaceURI())) {
            throw new RimException("the root element is no SoftwareIdentity");
        }
        Element meta = only(root, SWID, "Meta");
        product = meta.getAttribute("product");
        version = meta.getAttribute("colloquialVersion");
        active = activeEntries(only(root, SWID, "Payload"));
        Element signature = only(root, XMLSignature.XMLNS, "Signature");
        certs = certificates(signature);
        signatureHolds = !certs.isEmpty()
                && holds(signature, certs.getFirst().publicKey().platform());
    }

    /** Parses; throws {@link RimException} or {@link PkiException}. */
    static Rim parse(byte[] xml) {
        if (xml.length > MAX_BYTES) {
            throw new RimException("manifest of " + xml.length + " bytes is too long");
        }
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return new Rim(builder.parse(new ByteArrayInputStream(xml)));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new RimException("unreadable manifest: " + e.getMessage(), e);
        }
    }

    /** Whether a text looks like a manifest. */
    static boolean looksLike(byte[] text) {
        String start = new String(text, 0, Math.min(text.length, 4096), StandardCharsets.UTF_8);
        return start.stripLeading().startsWith("<") && start.contains("SoftwareIdentity");
    }

    /** The chip, e.g. {@code GH100}. */
    String product() {
        return product;
    }

    /** The version of driver or VBIOS. */
    String version() {
        return version;
    }

    /** Accepted lowercase hex values by index, active entries only. */
    SortedMap<Integer, List<String>> active() {
        return active;
    }

    /** Checks signature, chain, dates and revocation. */
    void check(Set<Bytes32> anchors, List<Ocsp> ocsps, Instant at, Appraisal appraisal) {
        appraisal.require(
                signatureHolds,
                Reason.BAD_RIM_SIGNATURE,
                "the signature of the manifest " + version + " does not hold");
        if (certs.isEmpty()) {
            appraisal.report(Reason.BAD_RIM_CHAIN, "the manifest " + version + " carries no certificate");
            return;
        }
        Chain chain = chain().orElseThrow();
        chain.check(anchors, at, ChainReasons.RIM, appraisal);
        for (int i = 0; i + 1 < chain.path().size(); i++) {
            Ocsp.check(ocsps, chain.path().get(i + 1), chain.path().get(i), at, appraisal);
        }
    }

    /** The signer's chain out of the manifest's own certificates; empty when it carries none. */
    Optional<Chain> chain() {
        return certs.isEmpty() ? Optional.empty() : Optional.of(Chain.from(certs.getFirst(), certs));
    }

    private static SortedMap<Integer, List<String>> activeEntries(Element payload) {
        TreeMap<Integer, List<String>> out = new TreeMap<>();
        NodeList resources = payload.getElementsByTagNameNS(SWID, "Resource");
        for (int i = 0; i < resources.getLength(); i++) {
            Element resource = (Element) resources.item(i);
            if (!"Measurement".equals(resource.getAttribute("type"))) {
                continue;
            }
            int index = whole(resource, "index", 255);
            int alternatives = whole(resource, "alternatives", MAX_ALTERNATIVES);
            List<String> values = new ArrayList<>();
            for (int k = 0; k < alternatives; k++) {
                String value = resource.getAttributeNS(SHA384, "Hash" + k).toLowerCase(Locale.ROOT);
                if (value.isEmpty()) {
                    throw new RimException("entry " + index + " lacks alternative " + k);
                }
                values.add(value);
            }
            String state = resource.getAttribute("active");
            if (!state.equals("True") && !state.equals("False")) {
                throw new RimException("entry " + index + " is neither active nor inactive: \"" + state + "\"");
            }
            if (state.equals("True") && out.put(index, List.copyOf(values)) != null) {
                throw new RimException("entry " + index + " comes twice");
            }
        }
        if (out.isEmpty()) {
            throw new RimException("no entry is active");
        }
        return out;
    }

    private static int whole(Element element, String name, int max) {
        String text = element.getAttribute(name);
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) > max) {
            throw new RimException("attribute " + name + " is \"" + text + "\", not a number up to " + max);
        }
        return Integer.parseInt(text);
    }

    private static Element only(Element parent, String namespace, String name) {
        Element found = null;
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element
                    && name.equals(element.getLocalName())
                    && namespace.equals(element.getNamespaceURI())) {
                if (found != null) {
                    throw new RimException("the element " + name + " comes twice");
                }
                found = element;
            }
        }
        if (found == null) {
            throw new RimException("the element " + name + " is missing");
        }
        return found;
    }

    private static List<Cert> certificates(Element signature) {
        List<Cert> out = new ArrayList<>();
        NodeList nodes = signature.getElementsByTagNameNS(XMLSignature.XMLNS, "X509Certificate");
        for (int i = 0; i < nodes.getLength(); i++) {
            try {
                out.add(Cert.parse(Base64.getMimeDecoder().decode(nodes.item(i).getTextContent())));
            } catch (IllegalArgumentException e) {
                throw new RimException("a certificate is no base64", e);
            }
        }
        return out;
    }

    /** One reference over the whole document with the two expected transforms, verified with the leaf's key. */
    private static boolean holds(Element element, PublicKey key) {
        try {
            DOMValidateContext context = new DOMValidateContext(key, element);
            context.setProperty("org.jcp.xml.dsig.secureValidation", true);
            XMLSignature signature = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
            List<Reference> references = signature.getSignedInfo().getReferences();
            if (references.size() != 1) {
                return false;
            }
            Reference reference = references.getFirst();
            List<Transform> transforms = reference.getTransforms();
            return ECDSA_SHA384.equals(
                            signature.getSignedInfo().getSignatureMethod().getAlgorithm())
                    && C14N11.equals(signature
                            .getSignedInfo()
                            .getCanonicalizationMethod()
                            .getAlgorithm())
                    && Optional.ofNullable(reference.getURI()).orElse("#").isEmpty()
                    && DIGEST_SHA384.equals(reference.getDigestMethod().getAlgorithm())
                    && transforms.size() == 2
                    && Transform.ENVELOPED.equals(transforms.get(0).getAlgorithm())
                    && C14N11.equals(transforms.get(1).getAlgorithm())
                    && signature.validate(context);
        } catch (MarshalException | XMLSignatureException e) {
            return false;
        }
    }
}

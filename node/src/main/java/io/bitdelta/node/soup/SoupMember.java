package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import java.nio.file.Path;

/**
 * A published delta that enters a soup.
 *
 * @param deltaId the registry's key
 * @param deltaFile its file
 */
public record SoupMember(Bytes32 deltaId, Path deltaFile) {}

package io.bitdelta.node.soup;

import io.bitdelta.node.publish.OwnerSigner;
import java.nio.file.Path;

/**
 * A published delta that enters a soup.
 *
 * @param deltaId the registry's key, 0x-hex
 * @param deltaFile its file
 * @param owner signs the consent
 */
public record SoupMember(String deltaId, Path deltaFile, OwnerSigner owner) {}

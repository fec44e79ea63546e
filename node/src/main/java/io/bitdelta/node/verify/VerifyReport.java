package io.bitdelta.node.verify;

import java.util.List;

/**
 * What a stranger found.
 *
 * @param ok whether every check holds
 * @param checks in the order they were made; the first that cannot be passed ends the list
 */
public record VerifyReport(boolean ok, List<Check> checks) {}

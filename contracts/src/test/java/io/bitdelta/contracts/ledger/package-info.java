@NullMarked
package io.bitdelta.contracts.ledger;

import org.jspecify.annotations.NullMarked;

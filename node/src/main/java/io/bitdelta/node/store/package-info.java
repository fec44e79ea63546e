/**
 * The database: one SQL layer over SQLite (default) and PostgreSQL.
 *
 * <p>Entry: {@link io.bitdelta.node.store.Database}. The schema is the migrations beside this package's resources; table
 * and column names live in {@link io.bitdelta.node.store.Schema}. Writes to SQLite go through a pool of one connection.
 */
@NullMarked
package io.bitdelta.node.store;

import org.jspecify.annotations.NullMarked;

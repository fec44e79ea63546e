/** Real servers as child processes of a test: js-ipfs, redis-server and s3proxy, on loopback. Tests of the node use them too. */
@NullMarked
package io.bitdelta.ipfs.peers;

import org.jspecify.annotations.NullMarked;

/** Captures of network traffic: read as conversations, written from bytes, and played again. */
package io.jsockmap.testkit.pcap;

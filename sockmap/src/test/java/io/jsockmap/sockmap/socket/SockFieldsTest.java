package io.jsockmap.sockmap.socket;

import io.jsockmap.sockmap.program.TypeAgreement;

import org.junit.jupiter.api.Test;

/** What a pointer to a socket shows. */
class SockFieldsTest {
    @Test
    void theTableAgreesWithTheTypeOfItsName() {
        TypeAgreement.assertAgrees(SockFields.LAYOUT);
    }
}

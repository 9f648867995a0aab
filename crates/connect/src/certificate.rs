//! The little of a certificate's encoding that channel binding needs.

use ring::digest;

/// The `tls-server-end-point` of a server's certificate: its digest by the algorithm that it is signed with,
/// or `None` where the standard defines none.
///
/// Follows RFC 5929, section 4.1.
pub(crate) fn end_point(der: &[u8]) -> Option<Vec<u8>> {
    let algorithm = match signature_algorithm(der)? {
        // MD5 and SHA-1 are raised to SHA-256.
        SHA1_RSA | MD5_RSA | ECDSA_SHA1 | SHA256_RSA | ECDSA_SHA256 => &digest::SHA256,
        SHA384_RSA | ECDSA_SHA384 => &digest::SHA384,
        SHA512_RSA | ECDSA_SHA512 => &digest::SHA512,
        _ => return None,
    };
    Some(digest::digest(algorithm, der).as_ref().to_vec())
}

const MD5_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x04];
const SHA1_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x05];
const SHA256_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const SHA384_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c];
const SHA512_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d];
const ECDSA_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];
const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const ECDSA_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
const ECDSA_SHA512: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04];

/// The object identifier of `Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, … }`.
fn signature_algorithm(der: &[u8]) -> Option<&[u8]> {
    const SEQUENCE: u8 = 0x30;
    const OBJECT_IDENTIFIER: u8 = 0x06;
    let (certificate, _) = value(der, SEQUENCE)?;
    let (_, after_content) = value(certificate, SEQUENCE)?;
    let (algorithm, _) = value(after_content, SEQUENCE)?;
    let (identifier, _) = value(algorithm, OBJECT_IDENTIFIER)?;
    Some(identifier)
}

/// The contents of the element that `der` starts with, which has to have `tag`, and what follows it.
fn value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match *length {
        short @ 0..=0x7f => (usize::from(short), rest),
        long @ 0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            (
                bytes.iter().fold(0, |sum, it| sum << 8 | usize::from(*it)),
                rest,
            )
        }
        _ => return None,
    };
    (*first == tag).then_some(())?;
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_signature() {
        for (algorithm, expected) in [
            (&rcgen::PKCS_ECDSA_P256_SHA256, Some(32)),
            (&rcgen::PKCS_ECDSA_P384_SHA384, Some(48)),
            (&rcgen::PKCS_ED25519, None),
        ] {
            let key = rcgen::KeyPair::generate_for(algorithm).unwrap();
            let parameters = rcgen::CertificateParams::new(vec!["db".to_owned()]).unwrap();
            let certificate = parameters.self_signed(&key).unwrap();
            assert_eq!(end_point(certificate.der()).map(|it| it.len()), expected);
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_end_point() {
        for der in [
            &[][..],
            &[0x30],
            &[0x30, 0x85, 1],
            &[0x30, 2, 0x30, 9],
            &[1, 2, 3],
        ] {
            assert_eq!(end_point(der), None);
        }
    }
}

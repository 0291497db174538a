/** The certificate library with what it needs beside it; imported only by who issues certificates, since loading it takes a tenth of a second. */
import "reflect-metadata";

export { BasicConstraintsExtension, ExtendedKeyUsageExtension, KeyUsageFlags, KeyUsagesExtension, SubjectAlternativeNameExtension, X509Certificate, X509CertificateGenerator } from "@peculiar/x509";

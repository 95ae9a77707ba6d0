#include "common/rpc/test_certificates.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace veche::rpc::testing {
namespace {

template <typename Writer>
std::string Pem(Writer write) {
  BIO* bio = BIO_new(BIO_s_mem());
  write(bio);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<size_t>(size));
  BIO_free(bio);
  return text;
}

std::string CertificatePem(X509* certificate) {
  return Pem([&](BIO* bio) { PEM_write_bio_X509(bio, certificate); });
}

void AddExtension(X509* certificate, int id, const char* value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// An unsigned certificate of version 3, good for an hour.
X509* NewCertificate(const std::string& common_name, EVP_PKEY* key) {
  static long serial = 0;
  X509* certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
  return certificate;
}

}  // namespace

TestCa::TestCa() : key_(EVP_EC_gen("P-256")) {
  certificate_ = NewCertificate("test authority", key_);
  X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
  AddExtension(certificate_, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate_, key_, EVP_sha256());
}

TestCa::~TestCa() {
  X509_free(certificate_);
  EVP_PKEY_free(key_);
}

std::pair<std::string, std::string> TestCa::Issue(const std::string& common_name) const {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = NewCertificate(common_name, key);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate_));
  AddExtension(certificate, NID_subject_alt_name, ("IP:127.0.0.1,DNS:" + common_name).c_str());
  X509_sign(certificate, key_, EVP_sha256());
  std::pair<std::string, std::string> pem = {CertificatePem(certificate), Pem([&](BIO* bio) {
                                               PEM_write_bio_PKCS8PrivateKey(
                                                   bio, key, nullptr, nullptr, 0, nullptr, nullptr);
                                             })};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return pem;
}

std::string TestCa::certificate() const { return CertificatePem(certificate_); }

}  // namespace veche::rpc::testing

#include "common/rpc/tls_files.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "common/base/read_file.h"

namespace veche::rpc {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

// The file as OpenSSL reads it; null, with a fault, when it cannot be read.
Owned<BIO> Open(const std::string& file, std::vector<std::string>& faults) {
  const absl::StatusOr<std::string> text = ReadFile(file);
  if (!text.ok()) {
    faults.push_back(absl::StrCat("The file ", file, " cannot be read."));
    return nullptr;
  }
  Owned<BIO> bio(BIO_new(BIO_s_mem()));
  BIO_write(bio.get(), text->data(), static_cast<int>(text->size()));
  return bio;
}

Owned<X509> ReadCertificate(const std::string& file, std::vector<std::string>& faults) {
  const Owned<BIO> bio = Open(file, faults);
  if (bio == nullptr) return nullptr;
  Owned<X509> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) {
    faults.push_back(absl::StrCat(file, " is no certificate in PEM."));
  } else if (X509_cmp_current_time(X509_get0_notAfter(certificate.get())) < 0) {
    faults.push_back(absl::StrCat("The certificate ", file, " has expired."));
  }
  return certificate;
}

Owned<EVP_PKEY> ReadKey(const std::string& file, std::vector<std::string>& faults) {
  const Owned<BIO> bio = Open(file, faults);
  if (bio == nullptr) return nullptr;
  // An empty password: a key with one must not ask for it on the terminal.
  char no_password[] = "";
  Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, no_password));
  if (key == nullptr) faults.push_back(absl::StrCat(file, " is no key in PEM without a password."));
  return key;
}

}  // namespace

std::vector<std::string> CertificateFaults(const std::string& certificate_file,
                                           const std::string& key_file,
                                           const std::string& ca_file) {
  std::vector<std::string> faults;
  const Owned<X509> certificate = ReadCertificate(certificate_file, faults);
  const Owned<EVP_PKEY> key = ReadKey(key_file, faults);
  if (certificate != nullptr && key != nullptr &&
      X509_check_private_key(certificate.get(), key.get()) != 1) {
    faults.push_back(
        absl::StrCat(key_file, " is not the key of the certificate ", certificate_file, "."));
  }
  if (!ca_file.empty()) ReadCertificate(ca_file, faults);
  ERR_clear_error();
  return faults;
}

std::vector<std::string> TlsFaults(const config::v1::Grpc& config) {
  const int given = !config.tls_certificate_file().empty() + !config.tls_key_file().empty() +
                    !config.tls_ca_file().empty();
  if (given == 0) return {};
  if (given != 3) return {"Set all of tlsCertificateFile, tlsKeyFile and tlsCaFile, or none."};
  return CertificateFaults(config.tls_certificate_file(), config.tls_key_file(),
                           config.tls_ca_file());
}

}  // namespace veche::rpc

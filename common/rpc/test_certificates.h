#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <utility>

namespace veche::rpc::testing {

// A certificate authority for tests.
class TestCa {
 public:
  TestCa();
  ~TestCa();

  // PEM texts of a certificate for `common_name`, valid for the hosts 127.0.0.1 and
  // `common_name`, and of its key.
  std::pair<std::string, std::string> Issue(const std::string& common_name) const;
  std::string certificate() const;

 private:
  EVP_PKEY* key_;
  X509* certificate_;
};

}  // namespace veche::rpc::testing

#include "common/rpc/credentials.h"

#include <optional>

#include "common/base/status_macros.h"
#include "common/rpc/read_file.h"

namespace veche::rpc {
namespace {

struct TlsFiles {
  std::string certificate;
  std::string key;
  std::string ca;
};

absl::StatusOr<std::optional<TlsFiles>> ReadTlsFiles(const config::v1::Grpc& config) {
  const int given = !config.tls_certificate_file().empty() + !config.tls_key_file().empty() +
                    !config.tls_ca_file().empty();
  if (given == 0) return std::nullopt;
  if (given != 3) {
    return absl::FailedPreconditionError(
        "grpc takes all of tlsCertificateFile, tlsKeyFile and tlsCaFile, or none");
  }
  TlsFiles files;
  ASSIGN_OR_RETURN(files.certificate, ReadFile(config.tls_certificate_file()));
  ASSIGN_OR_RETURN(files.key, ReadFile(config.tls_key_file()));
  ASSIGN_OR_RETURN(files.ca, ReadFile(config.tls_ca_file()));
  return files;
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials(
    const config::v1::Grpc& config) {
  ASSIGN_OR_RETURN(std::optional<TlsFiles> files, ReadTlsFiles(config));
  if (!files) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = files->ca;
  options.pem_key_cert_pairs.push_back({files->key, files->certificate});
  return grpc::SslServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientCredentials(
    const config::v1::Grpc& config) {
  ASSIGN_OR_RETURN(std::optional<TlsFiles> files, ReadTlsFiles(config));
  if (!files) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({.pem_root_certs = files->ca,
                               .pem_private_key = files->key,
                               .pem_cert_chain = files->certificate});
}

}  // namespace veche::rpc

#include "common/rpc/credentials.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include "absl/strings/str_join.h"
#include "common/base/status_macros.h"
#include "common/rpc/tls_files.h"

namespace veche::rpc {
namespace {

using grpc::experimental::FileWatcherCertificateProvider;

// How soon new files are used, in seconds.
constexpr unsigned kLookAgain = 2;

bool HasTls(const config::v1::Grpc& config) {
  return !config.tls_certificate_file().empty() || !config.tls_key_file().empty() ||
         !config.tls_ca_file().empty();
}

// gRPC itself would wait for right files for ever.
absl::Status Check(const config::v1::Grpc& config) {
  const std::vector<std::string> faults = TlsFaults(config);
  return faults.empty() ? absl::OkStatus()
                        : absl::FailedPreconditionError(absl::StrJoin(faults, " "));
}

std::shared_ptr<FileWatcherCertificateProvider> Watch(const config::v1::Grpc& config) {
  return std::make_shared<FileWatcherCertificateProvider>(
      config.tls_key_file(), config.tls_certificate_file(), config.tls_ca_file(), kLookAgain);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerCredentials(
    const config::v1::Grpc& config) {
  if (!HasTls(config)) return grpc::InsecureServerCredentials();
  RETURN_IF_ERROR(Check(config));
  grpc::experimental::TlsServerCredentialsOptions options(Watch(config));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return grpc::experimental::TlsServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientCredentials(
    const config::v1::Grpc& config) {
  if (!HasTls(config)) return grpc::InsecureChannelCredentials();
  RETURN_IF_ERROR(Check(config));
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Watch(config));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace veche::rpc

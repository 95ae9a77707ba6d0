#pragma once

#include <string>
#include <vector>

#include "veche/config/v1/config.pb.h"

namespace veche::rpc {

// What is wrong with a certificate and its key, both in PEM: a file that cannot be read or has
// another form, a key of another certificate, a certificate that has expired. `ca_file` may be
// empty. Sentences that name the files; empty when all is right.
std::vector<std::string> CertificateFaults(const std::string& certificate_file,
                                           const std::string& key_file, const std::string& ca_file);

// The same for the files of gRPC, all of which or none must be given.
std::vector<std::string> TlsFaults(const config::v1::Grpc& config);

}  // namespace veche::rpc

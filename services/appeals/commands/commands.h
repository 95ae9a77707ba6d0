#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace veche::appeals {

// `veche import appeals --file F.tsv [--source NAME]`: loads another system's appeals. The header
// line names the columns: text (required), id, source, created, latitude, longitude, address,
// u_topic or category or topic (an id or a title of a category), department, state, kind, answer;
// other columns are ignored. A repeated run continues after an interruption, because rows that are
// stored already are skipped. `args` begins with "appeals". Rejected rows are reported on `err`
// with their lines. Returns the exit code: 0; 1 when rows or the whole file were rejected; 2 for
// wrong arguments.
int RunAppealsImport(const std::vector<std::string>& args, std::shared_ptr<grpc::Channel> appeals,
                     std::ostream& out, std::ostream& err);

}  // namespace veche::appeals

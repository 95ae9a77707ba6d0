#pragma once

#include <vector>

#include "common/rpc/service_builder.h"
#include "services/appeals/calls/assign_calls.h"
#include "services/appeals/calls/attachment_calls.h"
#include "services/appeals/calls/author_calls.h"
#include "services/appeals/calls/import_calls.h"
#include "services/appeals/calls/list_calls.h"
#include "services/appeals/calls/message_calls.h"
#include "services/appeals/calls/notice_calls.h"
#include "services/appeals/calls/read_calls.h"
#include "services/appeals/calls/rule_calls.h"
#include "services/appeals/calls/staff_calls.h"
#include "services/appeals/calls/submit_calls.h"
#include "services/appeals/calls/text_calls.h"

namespace veche::appeals {

// The handlers of the service's RPCs. All must outlive what serves them.
struct AppealsCalls {
  SubmitCalls& submit;
  ReadCalls& read;
  ListCalls& list;
  AuthorCalls& author;
  MessageCalls& messages;
  AssignCalls& assign;
  StaffCalls& staff;
  ImportCalls& imports;
  TextCalls& texts;
  NoticeCalls& notices;
  RuleCalls& rules;
  AttachmentCalls& attachments;
};

// Each RPC of the service with its handler.
std::vector<rpc::ServiceBuilder> Bind(const AppealsCalls& calls);

}  // namespace veche::appeals

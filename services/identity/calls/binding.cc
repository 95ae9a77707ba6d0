#include "services/identity/calls/binding.h"

namespace veche::identity {

std::vector<rpc::ServiceBuilder> Bind(SignInCalls& sign_in, AccountCalls& accounts,
                                      MessageCalls& messages, EligibilityCalls& eligibility,
                                      IssuerTokenCalls& issuer_tokens, FeedbackCalls& feedback,
                                      SessionCalls& sessions) {
  return {
      rpc::ServiceBuilder("veche.identity.v1.Identity")
          .Unary(sign_in, &SignInCalls::SendCode, &SignInCalls::SignIn, &SignInCalls::Refresh,
                 &SignInCalls::SignOut, &SignInCalls::GetKeys)
          .Unary(accounts, &AccountCalls::GetMe, &AccountCalls::UpdateMe, &AccountCalls::ListStaff,
                 &AccountCalls::CreateStaff, &AccountCalls::UpdateStaff,
                 &AccountCalls::ListResidentsOfDistricts, &AccountCalls::GetHomeDistricts)
          .Unary(messages, &MessageCalls::RegisterGuest)
          .Unary(eligibility, &EligibilityCalls::FindResident, &EligibilityCalls::VerifyResident,
                 &EligibilityCalls::UnverifyResident, &EligibilityCalls::CheckEligibility,
                 &EligibilityCalls::CountEligible)
          .Unary(issuer_tokens, &IssuerTokenCalls::CreateIssuerToken),
      rpc::ServiceBuilder("veche.identity.v1.Messages")
          .Unary(messages, &MessageCalls::SendMessages, &MessageCalls::GetLocales,
                 &MessageCalls::ListMessages, &MessageCalls::ResendMessage),
      rpc::ServiceBuilder("veche.identity.v1.Feedback")
          .Unary(feedback, &FeedbackCalls::SendFeedback, &FeedbackCalls::ListFeedback),
      rpc::ServiceBuilder("veche.identity.v1.Sessions")
          .Subscribe(sessions, &SessionCalls::FollowEndedSessions)};
}

}  // namespace veche::identity

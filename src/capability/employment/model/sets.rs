//! Closed sets of names about jobs.

use crate::kernel::closed::closed;

closed! {
    /// How somebody works.
    EmploymentForm {
        /// For an employer, with or without a written contract.
        Employed = "EMPLOYED",
        /// In a business of their own.
        OwnBusiness = "OWN_BUSINESS",
        /// 灵活就业: flexible work without an employer.
        Flexible = "FLEXIBLE",
    }
}

closed! {
    /// Kinds of contract.
    ContractKind {
        /// 固定期限: for a fixed term.
        FixedTerm = "FIXED_TERM",
        /// 无固定期限: without a fixed term.
        OpenEnded = "OPEN_ENDED",
        /// 以完成一定工作任务为期限: until a piece of work is done.
        Project = "PROJECT",
        /// 劳务协议: an agreement on services, not a labour contract.
        LabourService = "LABOUR_SERVICE",
        /// No written contract.
        None = "NONE",
    }
}

closed! {
    /// How a job was found.
    FoundBy {
        /// By the person alone.
        Oneself = "SELF",
        /// Through relatives or people from the same village.
        Relatives = "RELATIVES",
        /// Through a labour station or a public employment service.
        LabourStation = "LABOUR_STATION",
        /// Organised by the origin (有组织劳务输出).
        OrganisedTransfer = "ORGANISED_TRANSFER",
        /// Recruited by the employer.
        Employer = "EMPLOYER",
        /// On the internet.
        Online = "ONLINE",
        /// In another way.
        Other = "OTHER",
    }
}

closed! {
    /// Why a job ended.
    EndReason {
        /// The contract ran out.
        ContractEnded = "CONTRACT_ENDED",
        /// The person resigned.
        Resigned = "RESIGNED",
        /// The employer dismissed the person.
        Dismissed = "DISMISSED",
        /// The employer or the business closed.
        EmployerClosed = "EMPLOYER_CLOSED",
        /// The person returned home.
        ReturnedHome = "RETURNED_HOME",
        /// Illness or injury.
        Illness = "ILLNESS",
        /// Retirement.
        Retired = "RETIRED",
        /// Death.
        Deceased = "DECEASED",
        /// Another reason.
        Other = "OTHER",
    }
}

closed! {
    /// How much a record of a job counts.
    EmploymentState {
        /// Reported and not confirmed: the origin sees it, and nothing follows from it.
        Reported = "REPORTED",
        /// Confirmed: while it lasts, its workplace is the destination.
        Confirmed = "CONFIRMED",
        /// Recorded by mistake. The row stays; nothing follows from it.
        Voided = "VOIDED",
    }
}

closed! {
    /// Whose word made a job count.
    ConfirmedBy {
        /// The origin.
        Origin = "ORIGIN",
        /// A month of insurance of the same person and employer.
        Insurance = "INSURANCE",
    }
}

closed! {
    /// What became of a job that somebody recorded.
    RecordStatus {
        /// The origin opened it, now or before: it counts.
        Confirmed = "CONFIRMED",
        /// It waits for the origin, and the caller may see it meanwhile.
        Reported = "REPORTED",
        /// It was taken. Nothing more is said, whoever it is about, registered or not.
        Received = "RECEIVED",
        /// It was not taken; `userErrors` say why.
        Refused = "REFUSED",
    }
}

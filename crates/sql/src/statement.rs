use driftless_catalog::ObjectId;

use crate::Hazard;

/// What one change takes: one statement, sometimes a few.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it does, as the comment over it says.
    pub label: Label,
    /// The object it is about; the table where several of its columns and keys change at once.
    pub object: ObjectId,
    /// To be run in this order.
    pub statements: Vec<Statement>,
}

/// One SQL statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The text without the closing semicolon.
    pub sql: String,
    /// Whether PostgreSQL lets it run inside a transaction.
    pub transactional: bool,
    /// Whether it wants a transaction of its own: its neighbours would keep its locks for longer than it needs them.
    pub alone: bool,
    /// What it may cost, most of all data.
    pub hazards: Vec<Hazard>,
}

impl Statement {
    /// A statement that may run in a transaction and costs nothing.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            transactional: true,
            alone: false,
            hazards: Vec::new(),
        }
    }

    /// The same, to be run outside a transaction.
    #[must_use]
    pub(crate) fn outside(mut self) -> Self {
        self.transactional = false;
        self
    }

    /// The same, in a transaction of its own.
    #[must_use]
    pub(crate) fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// With that hazard.
    #[must_use]
    pub(crate) fn hazard(mut self, hazard: Hazard) -> Self {
        self.hazards.push(hazard);
        self
    }

    /// With the hazard that `what` is gone afterwards.
    #[must_use]
    pub(crate) fn deletes(self, what: impl Into<String>) -> Self {
        self.hazard(Hazard::Deletes { what: what.into() })
    }
}

/// Declares the labels with their text.
macro_rules! labels {
    ($($name:ident),+ $(,)?) => {
        /// What a step does: Prisma's word where Prisma has one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the names say it")]
        pub enum Label {
            $($name,)+
        }

        impl Label {
            /// As it stands in the comment over the step.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }
        }
    };
}

labels! {
    CreateSchema,
    DropSchema,
    CreateExtension,
    DropExtension,
    AlterExtension,
    CreateEnum,
    DropEnum,
    AlterEnum,
    CreateDomain,
    DropDomain,
    AlterDomain,
    CreateSequence,
    DropSequence,
    AlterSequence,
    CreateTable,
    DropTable,
    AlterTable,
    MoveRows,
    AddForeignKey,
    DropForeignKey,
    AlterForeignKey,
    RenameForeignKey,
    CreateIndex,
    DropIndex,
    AlterIndex,
    RenameIndex,
    RenameSchema,
    RenameEnum,
    RenameDomain,
    RenameType,
    RenameTable,
    RenameColumn,
    RenameValue,
    RenameAttribute,
    RenameConstraint,
    RenameSequence,
    RenameTrigger,
    RenamePolicy,
    RenameView,
    RenameFunction,
    CreateTrigger,
    DropTrigger,
    AlterTrigger,
    EnableRowLevelSecurity,
    DisableRowLevelSecurity,
    ForceRowLevelSecurity,
    CreatePolicy,
    DropPolicy,
    AlterPolicy,
    CreateView,
    DropView,
    AlterView,
    CreateMaterializedView,
    DropMaterializedView,
    AlterMaterializedView,
    CreateFunction,
    DropFunction,
    AlterFunction,
    AlterDefaultPrivileges,
    AlterOwner,
    Grant,
    Comment,
    CreateAggregate,
    DropAggregate,
    AlterAggregate,
    CreateType,
    DropType,
    AlterType,
    CreateRule,
    DropRule,
    AlterRule,
    CreateEventTrigger,
    DropEventTrigger,
    AlterEventTrigger,
    CreateCollation,
    DropCollation,
    AlterCollation,
    CreateStatistics,
    DropStatistics,
    AlterStatistics,
    CreateForeignTable,
    DropForeignTable,
    AlterForeignTable,
    CreateForeignDataWrapper,
    DropForeignDataWrapper,
    AlterForeignDataWrapper,
    CreateServer,
    DropServer,
    AlterServer,
    CreateUserMapping,
    DropUserMapping,
    AlterUserMapping,
    CreatePublication,
    DropPublication,
    AlterPublication,
    CreateSubscription,
    DropSubscription,
    AlterSubscription,
    CreateCast,
    DropCast,
    AlterCast,
    CreateConversion,
    DropConversion,
    AlterConversion,
    CreateOperator,
    DropOperator,
    AlterOperator,
    CreateOperatorClass,
    DropOperatorClass,
    AlterOperatorClass,
    CreateOperatorFamily,
    DropOperatorFamily,
    AlterOperatorFamily,
    CreateAccessMethod,
    DropAccessMethod,
    AlterAccessMethod,
    CreateLanguage,
    DropLanguage,
    AlterLanguage,
    CreateTransform,
    DropTransform,
    AlterTransform,
    CreateTextSearchConfiguration,
    DropTextSearchConfiguration,
    AlterTextSearchConfiguration,
    CreateTextSearchDictionary,
    DropTextSearchDictionary,
    AlterTextSearchDictionary,
    CreateTextSearchParser,
    DropTextSearchParser,
    AlterTextSearchParser,
    CreateTextSearchTemplate,
    DropTextSearchTemplate,
    AlterTextSearchTemplate,
    SecurityLabel,
    CreateCronJob,
    DropCronJob,
    AlterCronJob,
    CreateBucket,
    DropBucket,
    AlterBucket,
    Unmodelled,
}
